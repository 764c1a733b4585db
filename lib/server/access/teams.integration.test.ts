import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { databaseKind, sqlitePath, teamDatabaseUrl } from "@/lib/database-url";
import { askDatabase } from "@/test/database";
import { createThrowawayDatabase, runMigrate } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
Object.assign(process.env, {
  DATABASE_URL: url,
  SIGN_IN_SECRET: Buffer.alloc(32, 7).toString("base64"),
  PUBLIC_URL: "http://localhost:3000",
});
const { actor, runAs, runForTeam } = await import("./actor");
const { createTeam, forEachTeam, renameTeam, requireTeamDatabases } = await import("./teams");
const { teamsToInviteTo } = await import("./people");
const { database, databaseAt, homeDatabase } = await import("@/lib/server/database/db");

const person = (team: string, role: "viewer" | "predictor" | "administrator") =>
  ({ kind: "person", id: "p", name: "P", email: "p@example.org", session: "s", team, role }) as const;
const asAdministrator = <T>(work: () => T) => runAs(person("home", "administrator"), work);

const opened = new Set([url]);
beforeAll(async () => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  for (const one of opened) await (await databaseAt(one)).$disconnect();
  remove();
});

it("makes a team with a migrated database of its own, which the next round of each loop finds", async () => {
  const made = await asAdministrator(() => createTeam("Pathologie Süd"));
  expect(made).toEqual({ ok: true, value: { id: "pathologie-sud", name: "Pathologie Süd" } });
  const own = teamDatabaseUrl(url, "pathologie-sud");
  opened.add(own);
  const db = await runForTeam("pathologie-sud", database);
  await db.savedView.create({ data: { id: "v", name: "theirs", query: "", createdAt: new Date() } });
  expect(await (await homeDatabase()).savedView.count()).toBe(0);
  const columns = (databaseUrl: string) =>
    databaseKind(url) === "sqlite"
      ? askDatabase(databaseUrl, "SELECT name FROM pragma_table_info('prediction')")
      : askDatabase(
          url,
          `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'prediction' AND table_schema =
            '${databaseUrl === url ? "public" : "team_pathologie_sud"}' ORDER BY ordinal_position`,
        );
  expect(await columns(own)).toEqual(await columns(url));

  const seen: string[] = [];
  await forEachTeam("test", async () => {
    seen.push(actor().team);
    throw new Error("keeps nobody else from its turn");
  });
  expect(seen).toEqual(["home", "pathologie-sud"]);
});

it("gives no team the database, the name or the id of another", async () => {
  const again = await asAdministrator(() => createTeam("Pathologie Süd"));
  expect(again).toEqual({ ok: false, error: { code: "taken" } });
  const alike = await asAdministrator(() => createTeam("pathologie sud!"));
  expect(alike).toMatchObject({ ok: true, value: { id: "pathologie-sud-2" } });
  opened.add(teamDatabaseUrl(url, "pathologie-sud-2"));
  const home = await asAdministrator(() => createTeam("Home"));
  expect(home).toMatchObject({ ok: true, value: { id: "home-2" } });
  opened.add(teamDatabaseUrl(url, "home-2"));
  const renamed = await asAdministrator(() => renameTeam("home-2", "Pathologie Süd"));
  expect(renamed).toEqual({ ok: false, error: { code: "taken" } });
  expect(await asAdministrator(() => renameTeam("home-2", "Dermatology"))).toEqual({ ok: true, value: true });
  expect(await asAdministrator(() => renameTeam("none", "No one"))).toEqual({ ok: true, value: false });
  expect(await asAdministrator(teamsToInviteTo)).toEqual([
    { id: "home-2", name: "Dermatology" },
    { id: "pathologie-sud", name: "Pathologie Süd" },
    { id: "pathologie-sud-2", name: "pathologie sud!" },
  ]);
});

it("leaves neither row nor database of a team that could not be made", async () => {
  const { NODE_OPTIONS } = process.env;
  // The process that migrates does not start.
  process.env.NODE_OPTIONS = "--require ./none.cjs";
  const failed = await asAdministrator(() => createTeam("Broken"));
  process.env.NODE_OPTIONS = NODE_OPTIONS;
  if (NODE_OPTIONS === undefined) delete process.env.NODE_OPTIONS;
  expect(failed).toMatchObject({ ok: false, error: { code: "not_saved" } });
  expect(await (await homeDatabase()).team.findUnique({ where: { id: "broken" } })).toBeNull();
  if (databaseKind(url) === "sqlite") {
    expect(existsSync(sqlitePath(teamDatabaseUrl(url, "broken")))).toBe(false);
  } else {
    const schemas = "SELECT 1 FROM information_schema.schemata WHERE schema_name = 'team_broken'";
    expect(await askDatabase(url, schemas)).toEqual([]);
  }
});

it("is for administrators of the home team alone", async () => {
  for (const who of [
    person("home", "viewer"),
    person("home", "predictor"),
    person("pathologie-sud", "administrator"),
    { kind: "key", id: "k", name: "K", team: "home", scopes: ["read", "predict"] } as const,
  ]) {
    const asks: (() => Promise<{ ok: boolean }>)[] = [
      () => createTeam("Theirs"),
      () => renameTeam("home-2", "Theirs"),
    ];
    for (const ask of asks) {
      expect(await runAs(who, ask)).toMatchObject({ ok: false, error: { code: "not_allowed" } });
    }
  }
  expect(await (await homeDatabase()).team.count()).toBe(3);
});

it("brings the database of every team up to date, one that is not there yet too", async () => {
  await (await homeDatabase()).team.create({ data: { id: "restored", name: "R", createdAt: new Date() } });
  await expect(requireTeamDatabases()).rejects.toThrow('The database of the team "restored"');
  expect(runMigrate("deploy", url)).toMatch(/^Database is up to date\.\nTeam restored: applied \d+_init,/);
  const own = teamDatabaseUrl(url, "restored");
  opened.add(own);
  expect(await (await databaseAt(own)).prediction.count()).toBe(0);
  expect(runMigrate("deploy", url)).toBe("Database is up to date.");
  await requireTeamDatabases();
});
