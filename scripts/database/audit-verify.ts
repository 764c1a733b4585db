import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { type Client, types } from "pg";
import { databaseKind, SQLITE_FORM, shownDatabaseUrl, sqlitePath, teamFolder } from "../../lib/database-url";
import { connectClient, connectionFailure } from "../../lib/postgres/connect";
import { loadDotEnv } from "../setup.mjs";
import { checkChain, type FoundEntry } from "./audit-chain";
import { DOT_ENV, runCommand, UserError } from "./database-file";

/**
 * `npm run audit:verify -- [--expect [TEAM=]PLACE:HASH]…`: whether every team's audit in the database of DATABASE_URL, or
 * in a copy of it, is as it was written. Code 1 where one is not or cannot be read, 2 where the command cannot be read.
 */

const USAGE = "npm run audit:verify -- [--expect [TEAM=]PLACE:HASH]...";
const HOME = "home";
const PAGE = 5_000;
/** Below every place that a row could be given. */
const LEAST = String(-(2n ** 63n));

type Audit = { team: string; entries: () => AsyncIterable<FoundEntry> };

const SELECT = `SELECT place, at, actor_kind AS "actorKind", actor_id AS "actorId", act, object, object_id AS "objectId",
  model_hash AS "modelHash", request_id AS "requestId", detail, hash`;

type Row = Omit<FoundEntry, "place" | "at"> & { place: bigint | string; at: string | Date };
const toEntry = ({ place, at, ...row }: Row): FoundEntry => ({
  ...row,
  place: BigInt(place),
  at: new Date(at),
});

function sqliteAudits(url: string): Audit[] {
  const home = sqlitePath(url);
  if (!existsSync(home)) throw new UserError(`There is no database at ${home}.`);
  const folder = teamFolder(home);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".db")) : [];
  const teams = files.sort().map((name) => ({ team: basename(name, ".db"), path: join(folder, name) }));
  return [{ team: HOME, path: home }, ...teams].map(({ team, path }) => ({
    team,
    async *entries() {
      const database = new Database(path, { readonly: true, fileMustExist: true });
      try {
        const statement = database.prepare<[], Row>(`${SELECT} FROM audit_entry ORDER BY place`);
        for (const row of statement.safeIntegers().iterate()) yield toEntry(row);
      } finally {
        database.close();
      }
    },
  }));
}

async function postgresAudits(url: string, client: Client): Promise<Audit[]> {
  const { rows } = await client.query<{ schema: string; isHome: boolean }>(
    `SELECT table_schema AS schema, table_schema = current_schema() AS "isHome" FROM information_schema.tables
      WHERE table_name = 'audit_entry' AND (table_schema = current_schema() OR table_schema LIKE 'team\\_%')
      ORDER BY 2 DESC, 1`,
  );
  if (rows.length === 0) throw new UserError(`There is no audit in ${shownDatabaseUrl(url)}.`);
  return rows.map(({ schema, isHome }) => ({
    team: isHome ? HOME : schema.replace(/^team_/, "").replaceAll("_", "-"),
    async *entries() {
      for (let after = LEAST, count = PAGE; count === PAGE; ) {
        const page = await client.query<Row>(
          `${SELECT} FROM "${schema}".audit_entry WHERE place > $1 ORDER BY place LIMIT ${PAGE}`,
          [after],
        );
        count = page.rows.length;
        for (const row of page.rows) {
          yield toEntry(row);
          after = String(row.place);
        }
      }
    },
  }));
}

/** The heads that the command names, by team. */
function readExpected(): Map<string, string[]> {
  const expected = new Map<string, string[]>();
  try {
    const { values } = parseArgs({ options: { expect: { type: "string", multiple: true, default: [] } } });
    for (const text of values.expect) {
      const [, team = HOME, head] = /^(?:([a-z0-9-]+)=)?(\d{1,18}:[0-9a-f]*)$/.exec(text) ?? [];
      if (head === undefined) throw new Error(`"${text}" is not PLACE:HASH.`);
      expected.set(team, [...(expected.get(team) ?? []), head]);
    }
    return expected;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nUsage: ${USAGE}`);
    process.exit(2);
  }
}

await runCommand(async () => {
  loadDotEnv(DOT_ENV);
  const expected = readExpected();
  const url = process.env.DATABASE_URL || "file:./data/cytodesk.db";
  const kind = databaseKind(url);
  if (kind === null) throw new UserError(`DATABASE_URL must be ${SQLITE_FORM}, or postgresql://…/database.`);
  types.setTypeParser(types.builtins.INT8, String);
  let client: Client | null = null;
  try {
    if (kind === "postgresql") client = await connectClient(url);
    const audits = client === null ? sqliteAudits(url) : await postgresAudits(url, client);
    for (const { team, entries } of audits) {
      const checked = await checkChain(entries, expected.get(team));
      expected.delete(team);
      if ("head" in checked) {
        console.log(`${team}: ${checked.count} entries, ${checked.head}`);
      } else {
        console.error(`${team}: the entry at ${checked.place} is not as it was written. ${checked.what}`);
        process.exitCode = 1;
      }
    }
    for (const team of expected.keys()) {
      console.error(`${team}: there is no database of this team.`);
      process.exitCode = 1;
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`The audit in ${shownDatabaseUrl(url)} cannot be read: ${connectionFailure(error)}`);
  } finally {
    await client?.end();
  }
});
