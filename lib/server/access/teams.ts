import "server-only";
import { execFile } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { schemaOf, shownDatabaseUrl, sqlitePath } from "@/lib/database-url";
import { fail, ok, type Result } from "@/lib/result";
import { databaseAt, homeDatabase } from "@/lib/server/database/db";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { requireOwnTable } from "@/lib/server/database/own-table";
import { administering, type StoreError } from "@/lib/server/database/store";
import { databaseUrlOf } from "@/lib/server/database/team-database";
import { log } from "@/lib/server/log";
import { actor, asksForSignIn, HOME, NotAllowed, runForTeam, type Team } from "./actor";
import { audit } from "./audit";

/** Teams: which there are, and new ones. docs/decisions/0029-a-database-for-each-team.md */

/** The ids of all teams, the home team first; it alone where nobody signs in. */
async function teamIds(): Promise<string[]> {
  if (!asksForSignIn()) return [HOME];
  const found = await (await homeDatabase()).team.findMany({
    where: { id: { not: HOME } },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  return [HOME, ...found.map(({ id }) => id)];
}

/**
 * Runs `work` for each team, one after the other, as what the application does by itself; it finds a new team at the next
 * call. What fails is logged as `event`, and keeps no other team from its turn.
 */
export async function forEachTeam(event: string, work: () => Promise<unknown>): Promise<void> {
  const ids = await teamIds().catch((error: unknown) => {
    log("error", event, {}, error);
    return [];
  });
  for (const id of ids) {
    await runForTeam(id, work).catch((error: unknown) => log("error", event, { team: id }, error));
  }
}

/** Throws where a team's database cannot be used, or has the predictions of another table; the message says which. */
export async function requireTeamDatabases(): Promise<void> {
  for (const id of await teamIds()) {
    const url = databaseUrlOf(id);
    try {
      await requireOwnTable(await databaseAt(url), url);
    } catch (cause) {
      if (id === HOME) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `The database of the team "${id}" (${shownDatabaseUrl(url)}) cannot be used.\n${reason}`,
      );
    }
  }
}

export type TeamError = StoreError | { code: "taken" };

/** Runs `work` on the home team's database, as only who administers it may. */
const administeringHome = <T>(event: string, work: () => Promise<T>): Promise<Result<T, StoreError>> =>
  administering(event, () => {
    if (actor().team !== HOME) throw new NotAllowed("This is for an administrator of the first team.");
    return work();
  });

/** Makes a team and its database; "taken" where another has the name. Nothing is left of one that could not be made. */
export async function createTeam(name: string): Promise<Result<Team, TeamError>> {
  const made = await administeringHome("team_not_made", async () => {
    const { team } = await homeDatabase();
    if ((await team.findUnique({ where: { name }, select: { id: true } })) !== null) return null;
    const { id, url, remove } = await reserveDatabase(idFrom(name));
    try {
      await audit("team_made", { object: "team", objectId: id });
      await migrate(url);
      await requireOwnTable(await databaseAt(url), url);
      await team.create({ data: { id, name, createdAt: new Date() } });
    } catch (error) {
      await remove();
      if (isTaken(error)) return null;
      throw error;
    }
    return { id, name };
  });
  if (!made.ok) return made;
  return made.value === null ? fail({ code: "taken" }) : ok(made.value);
}

/** Gives a team another name, not another id: whether there is one of this id; "taken" where another has the name. */
export async function renameTeam(id: string, name: string): Promise<Result<boolean, TeamError>> {
  const renamed = await administeringHome("team_not_renamed", async () => {
    try {
      return (await (await homeDatabase()).team.updateMany({ where: { id }, data: { name } })).count > 0;
    } catch (error) {
      if (isTaken(error)) return null;
      throw error;
    }
  });
  if (!renamed.ok) return renamed;
  return renamed.value === null ? fail({ code: "taken" }) : ok(renamed.value);
}

/** Prisma's code for a value that has to be the only one of its kind. */
const isTaken = (error: unknown) => error instanceof Error && "code" in error && error.code === "P2002";

const LONGEST_ID = 40;

/** A team's id from its name: "Pathologie Süd" is "pathologie-sud". */
function idFrom(name: string): string {
  const letters = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, LONGEST_ID)
    .replaceAll(/^-+|-+$/g, "");
  return letters || "team";
}

type Reserved = { id: string; url: string; remove: () => Promise<void> };

/**
 * An empty database of its own under this id, or this id and a number: never one that is there already, which may hold what
 * another team has kept.
 */
async function reserveDatabase(wanted: string): Promise<Reserved> {
  const { team } = await homeDatabase();
  for (let more = 1; ; more++) {
    const id = more === 1 ? wanted : `${wanted}-${more}`;
    const isKnown = id === HOME || (await team.findUnique({ where: { id }, select: { id: true } })) !== null;
    const url = databaseUrlOf(id);
    const remove = isKnown ? null : await (kindOfDatabase() === "sqlite" ? newFile(url) : newSchema(url));
    if (remove !== null) return { id, url, remove };
  }
}

/** Makes an empty file; what removes it, or null where there is one. */
async function newFile(url: string): Promise<Reserved["remove"] | null> {
  const path = sqlitePath(url);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path)) return null;
  closeSync(openSync(path, "wx", 0o600));
  return async () => {
    for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  };
}

/** Makes an empty schema; what removes it, or null where there is one. */
async function newSchema(url: string): Promise<Reserved["remove"] | null> {
  const schema = schemaOf(url);
  const home = await homeDatabase();
  const [there] = await home.$queryRaw<{ one: number }[]>`
    SELECT 1 AS one FROM information_schema.schemata WHERE schema_name = ${schema}`;
  if (there !== undefined) return null;
  await home.$executeRawUnsafe(`CREATE SCHEMA "${schema}"`);
  return async () => {
    await home.$executeRawUnsafe(`DROP SCHEMA "${schema}" CASCADE`);
  };
}

/** By a process of its own: the engine of migrations and the generated client share a global, and cannot be in one. */
async function migrate(url: string): Promise<void> {
  await promisify(execFile)(process.execPath, [["dist", "database", "migrate.mjs"].join("/"), "deploy"], {
    env: { ...process.env, DATABASE_URL: url },
  });
}
