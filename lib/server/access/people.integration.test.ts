import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "@/lib/access/roles";
import { sqlitePath } from "@/lib/database-url";
import { FEATURE_KEYS } from "@/tables/current";
import { askDatabase } from "@/test/database";
import { createThrowawayDatabase, runMigrate } from "@/test/throwaway";
import { type Actor, isNotAllowed, runAs } from "./actor";

/** What administrators do about people, against a real database. */

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
process.env.SIGN_IN_SECRET = Buffer.alloc(32, 7).toString("base64");
process.env.PUBLIC_URL = "https://predictions.example.org";
const { homeDatabase } = await import("@/lib/server/database/db");
const { databaseUrlOf } = await import("@/lib/server/database/team-database");
const people = await import("./people");
const { eraseOwnAccount, erasePerson, exportOwnData, exportPerson } = await import("./person-data");
const { audit } = await import("./audit");
const { saveAnnotation } = await import("@/lib/server/notes/annotations");
const { ownAccount, switchTeam, endSession } = await import("./own-account");
const db = await homeDatabase();
// Its audit is there.
runMigrate("deploy", databaseUrlOf("lab"));

afterAll(async () => {
  await db.$disconnect();
  remove();
});

const at = new Date();
/** Every table of the schema. */
const TABLES = [...readFileSync("prisma/schema.prisma", "utf8").matchAll(/@@map\("(\w+)"\)/g)].map(
  ([, name = ""]) => name,
);

async function add(id: string, teams: Record<string, Role>) {
  const person = { name: id, email: `${id}@example.org`, emailVerified: true, createdAt: at, updatedAt: at };
  await db.user.create({ data: { id, ...person } });
  for (const [teamId, role] of Object.entries(teams))
    await db.member.create({ data: { userId: id, teamId, role } });
}

const person = (id: string, team = "home", role: Role = "administrator"): Actor => ({
  ...{ kind: "person", id, name: id, email: `${id}@example.org`, role, team, session: `${id}-session` },
});

beforeEach(async () => {
  await db.user.deleteMany();
  await db.team.deleteMany();
  await db.invitation.deleteMany();
  await db.verification.deleteMany();
  for (const id of ["home", "lab"]) await db.team.create({ data: { id, name: id, createdAt: at } });
  await add("ada", { home: "administrator" });
  await add("ben", { home: "administrator", lab: "viewer" });
  await add("eve", { lab: "administrator" });
});

const roles = async (teamId: string) =>
  Object.fromEntries(
    (await db.member.findMany({ where: { teamId } })).map(({ userId, role }) => [userId, role]),
  );

describe("the last administrator", () => {
  it("stays, also where two demote or remove each other at the same moment", async () => {
    for (const [one, other] of [
      [() => people.changeRole("ben", "viewer"), () => people.changeRole("ada", "viewer")],
      [() => people.removePerson("ben"), () => people.removePerson("ada")],
    ] as const) {
      await db.member.updateMany({ where: { teamId: "home" }, data: { role: "administrator" } });
      const done = await Promise.all([runAs(person("ada"), one), runAs(person("ben"), other)]);
      expect(done.filter(({ ok }) => ok)).toHaveLength(1);
      expect(done.find(({ ok }) => !ok)).toMatchObject({
        error: expect.stringContaining("last administrator"),
      });
      expect(Object.values(await roles("home"))).toContain("administrator");
    }
  });
});

describe("people", () => {
  it("are seen, changed and removed in one's own team alone", async () => {
    const eve = person("eve", "lab");
    const { people: seen } = await runAs(eve, people.listPeople);
    expect(seen.map(({ id }) => id)).toEqual(["ben", "eve"]);
    expect(await runAs(eve, () => people.changeRole("ada", "viewer"))).toMatchObject({ ok: false });
    expect(await runAs(eve, () => people.removePerson("ada"))).toMatchObject({ ok: false });
    expect(await roles("home")).toEqual({ ada: "administrator", ben: "administrator" });
    expect(await runAs(eve, () => people.changeRole("ben", "predictor"))).toEqual({ ok: true, value: null });
    expect(await roles("lab")).toMatchObject({ ben: "predictor" });
  });

  it("keep their account as long as they are in a team", async () => {
    expect(await runAs(person("eve", "lab"), () => people.removePerson("ben"))).toMatchObject({ ok: true });
    expect(await db.user.count({ where: { id: "ben" } })).toBe(1);
    expect(await runAs(person("ada"), () => people.removePerson("ben"))).toMatchObject({ ok: true });
    expect(await db.user.count({ where: { id: "ben" } })).toBe(0);
  });

  it("of another team too get no new password from one team's administrator, who could then act in the other", async () => {
    expect(await runAs(person("eve", "lab"), () => people.passwordLink("ben"))).toMatchObject({
      error: expect.stringContaining("another team"),
    });
    expect(await runAs(person("eve", "lab"), () => people.passwordLink("ada"))).toMatchObject({ ok: false });
    expect(await runAs(person("ada"), () => people.passwordLink("ben"))).toMatchObject({ ok: true });
  });

  it("are invited into one's own team, and by the home team's administrators into any", async () => {
    const eve = person("eve", "lab");
    expect(await runAs(eve, people.teamsToInviteTo)).toEqual([{ id: "lab", name: "lab" }]);
    expect(await runAs(eve, () => people.invite("new@example.org", "viewer", "home"))).toMatchObject({
      ok: false,
    });
    const invited = await runAs(person("ada"), () => people.invite("new@example.org", "viewer", "lab"));
    expect(invited).toMatchObject({ ok: true, value: expect.stringContaining("/set-up?token=") });
    const again = await runAs(eve, () => people.invite("new@example.org", "predictor", "lab"));
    expect(again.ok).toBe(true);
    const { invited: open } = await runAs(eve, people.listPeople);
    expect(open).toMatchObject([{ email: "new@example.org", role: "predictor" }]);
    await runAs(person("ada"), () => people.withdrawInvitation(open[0]?.id ?? ""));
    expect(await db.invitation.count()).toBe(1);
    await runAs(eve, () => people.withdrawInvitation(open[0]?.id ?? ""));
    expect(await db.invitation.count()).toBe(0);
    expect(await runAs(eve, () => people.invite("ada@example.org", "viewer", "lab"))).toEqual({
      ok: true,
      value: null,
    });
    expect(await roles("lab")).toMatchObject({ ada: "viewer" });
  });

  it("are nobody's business who does not administer", async () => {
    const acts: Record<keyof typeof people, () => Promise<unknown>> = {
      listPeople: people.listPeople,
      teamsToInviteTo: people.teamsToInviteTo,
      invite: () => people.invite("x@example.org", "administrator", "home"),
      withdrawInvitation: () => people.withdrawInvitation("x"),
      changeRole: () => people.changeRole("ben", "administrator"),
      removePerson: () => people.removePerson("ada"),
      passwordLink: () => people.passwordLink("ada"),
    };
    expect(Object.keys(acts).sort()).toEqual(Object.keys(people).sort());
    const key: Actor = { kind: "key", id: "k", name: "k", team: "home", scopes: ["read", "predict"] };
    for (const who of [person("ben", "home", "viewer"), person("ben", "home", "predictor"), key]) {
      for (const act of Object.values(acts)) {
        expect(isNotAllowed(await runAs(who, act).catch((error: unknown) => error))).toBe(true);
      }
    }
  });
});

describe("everything of a person", () => {
  const BEN = { name: "Benjamin Quist", email: "ben.quist@example.org" };

  /** Somebody of two teams, with a row of every kind that names them. */
  async function fill() {
    const at = new Date();
    const later = new Date(Date.now() + 60_000);
    const userId = "ben";
    const times = { createdAt: at, updatedAt: at };
    await db.user.update({ where: { id: userId }, data: BEN });
    await db.session.create({
      data: {
        ...{ id: "ben-session", token: "token-of-ben", userId, teamId: "home", expiresAt: later, ...times },
        ...{ ipAddress: "192.0.2.7", userAgent: "a browser" },
      },
    });
    await db.account.create({
      data: {
        id: "a",
        accountId: userId,
        providerId: "credential",
        userId,
        password: "hash-of-ben",
        ...times,
      },
    });
    await db.passkey.create({
      data: {
        ...{ id: "k", name: "Quist's phone", publicKey: "key-of-ben", userId, credentialID: "c", counter: 0 },
        ...{ deviceType: "singleDevice", backedUp: false },
      },
    });
    await db.twoFactor.create({
      data: { id: "t", secret: "secret-of-ben", backupCodes: "codes-of-ben", userId },
    });
    const invitation = { teamId: "home", role: "viewer", createdAt: at, expiresAt: later, usedAt: at };
    await db.invitation.create({
      data: { id: "i", tokenHash: "hash-of-link", email: BEN.email, ...invitation },
    });
    await db.invitation.create({
      data: { id: "j", tokenHash: "another", userId, createdBy: "ada", ...invitation },
    });
    await db.verification.create({
      data: { id: "v", identifier: "2fa", value: userId, expiresAt: later, ...times },
    });
    await runAs(person("ben", "lab", "viewer"), () => audit("audit_viewed"));
    await runAs(person("ben"), () => audit("setting_changed", { object: "setting", objectId: "days" }));
  }

  async function textOf(pieces: AsyncGenerator<string, void>) {
    let text = "";
    for await (const piece of pieces) text += piece;
    return text;
  }
  type Exported = { inTeams: { team: string; audit: { act: string }[] }[] } & Record<string, unknown>;

  it("is exported to themselves with all of their teams, and no secret", async () => {
    await fill();
    const text = await textOf(await runAs(person("ben"), exportOwnData));
    const all = JSON.parse(text) as Exported;
    expect(all).toMatchObject({
      person: BEN,
      sessions: [{ ipAddress: "192.0.2.7" }],
      passkeys: [{ name: "Quist's phone" }],
      teams: [{ role: "administrator" }, { role: "viewer" }],
      invitations: [{ id: "i" }, { id: "j" }],
    });
    const acts = all.inTeams.map(({ team, audit }) => [team, audit.map(({ act }) => act)]);
    expect(acts.sort()).toEqual([
      ["home", expect.arrayContaining(["setting_changed", "person_exported"])],
      ["lab", expect.arrayContaining(["audit_viewed"])],
    ]);
    for (const secret of ["token-of", "hash-of", "key-of", "secret-of", "codes-of"])
      expect(text).not.toContain(secret);
  });

  it("is an administrator's to export of who is in their team alone, and of its own audit", async () => {
    await fill();
    const eve = person("eve", "lab");
    expect(await runAs(eve, () => exportPerson("ben"))).toMatchObject({ ok: false });
    expect(await runAs(eve, () => exportPerson("ada"))).toMatchObject({ ok: false });
    expect(await runAs(eve, () => erasePerson("ben"))).toMatchObject({ ok: false });
    const made = await runAs(person("ada"), () => exportPerson("ben"));
    if (!made.ok) throw new Error(made.error);
    const all = JSON.parse(await textOf(made.value)) as Exported;
    expect(all.inTeams.map(({ team }) => team)).toEqual(["home"]);
    for (const who of [person("ben", "home", "viewer"), person("ben", "home", "predictor")]) {
      for (const act of [() => exportPerson("ada"), () => erasePerson("ada")] as (() => Promise<unknown>)[])
        expect(isNotAllowed(await runAs(who, act).catch((error: unknown) => error))).toBe(true);
    }
    const nobody = { kind: "system", team: "home" } as const;
    for (const act of [exportOwnData, eraseOwnAccount] as (() => Promise<unknown>)[])
      expect(isNotAllowed(await runAs(nobody, act).catch((error: unknown) => error))).toBe(true);
  });

  it.each([
    ["themselves", () => runAs(person("ben"), eraseOwnAccount)],
    ["an administrator", () => runAs(person("ada"), () => erasePerson("ben"))],
  ])("goes by %s from every table and byte, and an id stays in the audit", async (_, erase) => {
    await fill();
    expect(await erase()).toEqual({ ok: true, value: null });
    const text = async (table: string) =>
      (await askDatabase<object>(url, `SELECT * FROM ${table}`))
        .map((row) => Object.values(row).join(" "))
        .join("\n");
    for (const table of TABLES) {
      const rows = await text(table);
      for (const name of ["Quist", BEN.email, "192.0.2.7"]) expect(rows, table).not.toContain(name);
      if (table !== "audit_entry") expect(rows.split(/\s/)).not.toContain("ben");
    }
    expect(await text("audit_entry")).toContain("person_erased");
    expect(await roles("lab")).toEqual({ eve: "administrator" });
    if (!url.startsWith("file:")) return;
    for (const path of ["", "-wal"].map((end) => sqlitePath(url) + end).filter(existsSync))
      expect(readFileSync(path).includes("Quist")).toBe(false);
  });

  it("stays where a team would be left without an administrator, in all of their teams", async () => {
    await db.member.update({
      where: { userId_teamId: { userId: "eve", teamId: "lab" } },
      data: { role: "viewer" },
    });
    await db.member.update({
      where: { userId_teamId: { userId: "ben", teamId: "lab" } },
      data: { role: "administrator" },
    });
    for (const erase of [
      () => runAs(person("ben"), eraseOwnAccount),
      () => runAs(person("ada"), () => erasePerson("ben")),
    ])
      expect(await erase()).toMatchObject({ error: expect.stringContaining("without an administrator") });
    expect(await roles("home")).toMatchObject({ ben: "administrator" });
    expect(await roles("lab")).toMatchObject({ ben: "administrator" });
  });

  it("has the texts that they wrote, and none of another's", async () => {
    const id = "0190c8a0-0000-7000-8000-00000000beef";
    const feature = FEATURE_KEYS.map(() => "1").join();
    await askDatabase(url, "INSERT INTO model (name, version, identity) VALUES ('m', '1', 'm')");
    await askDatabase(
      url,
      `INSERT INTO prediction (id, created_at, idempotency_key, probability, diagnosis, source, model_id, model_version,
         backend, latency_ms, ${FEATURE_KEYS.join()})
       SELECT '${id}', '2026-01-01T00:00:00.000+00:00', 'k', 0.5, 'M', 'form', id, '1', 'embedded', 1, ${feature} FROM model`,
    );
    await runAs(person("ben"), () => saveAnnotation(id, { note: "by Ben" }));
    await askDatabase(url, "UPDATE edit SET at = '2026-01-02T00:00:00.000+00:00' WHERE after = 'by Ben'");
    await runAs(person("ben"), () => saveAnnotation(id, { note: "again by Ben" }));
    const all = JSON.parse(await textOf(await runAs(person("ben"), exportOwnData))) as {
      inTeams: { team: string; wrote: { after: string }[] }[];
    };
    expect(all.inTeams.find(({ team }) => team === "home")?.wrote.map(({ after }) => after)).toEqual([
      "again by Ben",
    ]);
  });
});

describe("one's own account", () => {
  it("shows one's own sessions and teams, and touches no others", async () => {
    const later = new Date(Date.now() + 60_000);
    for (const userId of ["ben", "eve"]) {
      const session = {
        id: `${userId}-session`,
        token: userId,
        expiresAt: later,
        createdAt: at,
        updatedAt: at,
      };
      await db.session.create({ data: { ...session, userId, teamId: "home" } });
    }
    const ben = person("ben");
    const { sessions, teams, who } = await runAs(ben, ownAccount);
    expect(sessions.map(({ id, isThis }) => [id, isThis])).toEqual([["ben-session", true]]);
    expect(teams.map(({ id, isShown }) => [id, isShown])).toEqual([
      ["home", true],
      ["lab", false],
    ]);
    expect(who.id).toBe("ben");
    await runAs(ben, () => endSession("eve-session"));
    expect(await db.session.count({ where: { id: "eve-session" } })).toBe(1);
    expect(await runAs(ben, () => switchTeam("lab"))).toBe(true);
    expect(await db.session.findUnique({ where: { id: "ben-session" } })).toMatchObject({ teamId: "lab" });
    expect(await runAs(person("eve", "lab"), () => switchTeam("home"))).toBe(false);
  });
});
