import { afterAll, expect, it } from "vitest";
import { createThrowawayDatabase } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
process.env.SIGN_IN_SECRET = Buffer.alloc(32, 7).toString("base64");
process.env.PUBLIC_URL = "https://predictions.example.org";
const { homeDatabase } = await import("@/lib/server/database/db");
const { isNotAllowed, runAs, runForTeam } = await import("./actor");
const { forgetRunOut } = await import("./run-out");
const db = await homeDatabase();

afterAll(async () => {
  await db.$disconnect();
  remove();
});

it("deletes what ran out long ago, and nothing else", async () => {
  const now = new Date("2026-11-26T12:00:00Z");
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const times = { createdAt: ago(500), updatedAt: ago(500) };
  await db.team.create({ data: { id: "home", name: "Home", createdAt: ago(500) } });
  await db.user.create({
    data: { id: "ada", name: "Ada", email: "ada@example.org", emailVerified: true, ...times },
  });
  for (const [id, expiresAt] of [
    ["kept", ago(29.9)],
    ["gone", ago(30.1)],
  ] as const) {
    await db.session.create({ data: { id, token: id, userId: "ada", expiresAt, ...times } });
    const link = { tokenHash: id, teamId: "home", role: "viewer", createdAt: ago(500) };
    await db.invitation.create({ data: { id, ...link, expiresAt } });
  }
  const used = { id: "gone too", tokenHash: "used", teamId: "home", role: "viewer", createdAt: ago(31) };
  await db.invitation.create({ data: { ...used, expiresAt: ago(30), usedAt: ago(30.5) } });
  const key = {
    name: "k",
    teamId: "home",
    start: "k",
    scopes: "read",
    createdBy: "ada",
    createdAt: ago(800),
  };
  for (const [id, expiresAt, revokedAt] of [
    ["kept", ago(364), null],
    ["gone", ago(366), null],
    ["gone too", ago(-1), ago(366)],
  ] as const)
    await db.apiKey.create({ data: { id, hash: id, ...key, expiresAt, revokedAt } });
  for (const [id, expiresAt] of [
    ["kept", ago(-0.1)],
    ["gone", ago(0.1)],
  ] as const) {
    await db.verification.create({ data: { id, identifier: id, value: id, expiresAt, ...times } });
    await db.rateLimiterFlexible.create({ data: { key: id, points: 1, expire: expiresAt } });
  }
  await db.rateLimiterFlexible.create({ data: { key: "kept without an end", points: 1, expire: null } });

  const viewer = { kind: "key", id: "k", name: "k", team: "home", scopes: ["read"] } as const;
  expect(isNotAllowed(await runAs(viewer, () => forgetRunOut(now)).catch((error: unknown) => error))).toBe(
    true,
  );
  await runForTeam("home", () => forgetRunOut(now));
  const ids = async (rows: Promise<{ id: string }[]>) => (await rows).map(({ id }) => id);
  for (const rows of [
    db.session.findMany(),
    db.invitation.findMany(),
    db.apiKey.findMany(),
    db.verification.findMany(),
  ] as Promise<{ id: string }[]>[])
    expect(await ids(rows)).toEqual(["kept"]);
  const counts = await db.rateLimiterFlexible.findMany({ orderBy: { key: "asc" } });
  expect(counts.map((row) => row.key)).toEqual(["kept", "kept without an end"]);
  expect(await db.user.count()).toBe(1);
});
