import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Role } from "@/lib/access/roles";
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
const { ownAccount, switchTeam, endSession } = await import("./own-account");
const db = await homeDatabase();
// Its audit is there.
runMigrate("deploy", databaseUrlOf("lab"));

afterAll(async () => {
  await db.$disconnect();
  remove();
});

const at = new Date();

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
