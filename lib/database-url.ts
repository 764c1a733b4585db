export const DATABASE_KINDS = ["sqlite", "postgresql"] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

/**
 * What a DATABASE_URL of SQLite may be. Other programs read parameters and %20 in it, for which we would make a file of
 * that name with an empty history.
 */
export const SQLITE_FORM =
  "file: and a path, such as file:./data/cytodesk.db, with neither ?parameters nor %20 (a space is written as such)";

/** Which database a DATABASE_URL means; null where it is none of the allowed forms. */
export function databaseKind(url: string): DatabaseKind | null {
  if (/^file:[^?%]+$/.test(url)) return "sqlite";
  if (!/^postgres(?:ql)?:\/\//.test(url) || !URL.canParse(url)) return null;
  const { hostname, pathname } = new URL(url);
  return hostname !== "" && pathname.length > 1 ? "postgresql" : null;
}

/** Whether a DATABASE_URL of PostgreSQL says by itself as whom the database is opened. */
export function hasLogin(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== "" || password !== "";
}

/** The file that a DATABASE_URL of SQLite names. */
export const sqlitePath = (url: string) => url.replace(/^file:/, "");

/** A DATABASE_URL as a log may show it: of PostgreSQL only host, port, database and a team's schema. */
export function shownDatabaseUrl(url: string): string {
  if (databaseKind(url) === "sqlite") return url;
  const { protocol, host, pathname } = new URL(url);
  const schema = schemaOf(url);
  return `${protocol}//${host}${pathname}${schema === null ? "" : `?schema=${schema}`}`;
}

/** The folder of the files of teams beside a home team's SQLite file. */
export const teamFolder = (path: string) => `${path.replace(/\.db$/, "")}.teams`;

/** The DATABASE_URL of a team, by the home team's: a file in a folder beside it, or a schema in the same database. */
export function teamDatabaseUrl(home: string, team: string): string {
  if (databaseKind(home) === "sqlite") return `${teamFolder(home)}/${team}.db`;
  const url = new URL(home);
  url.searchParams.set("schema", `team_${team.replaceAll("-", "_")}`);
  return url.href;
}

/** The schema of PostgreSQL in which a DATABASE_URL has a team's tables; null of the home team's, whatever it has written there. */
export function schemaOf(url: string): string | null {
  const schema = new URL(url).searchParams.get("schema");
  return schema !== null && /^team_[a-z0-9_]+$/.test(schema) ? schema : null;
}
