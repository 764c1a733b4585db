import Database from "better-sqlite3";
import { Client } from "pg";
import { databaseKind, sqlitePath } from "../lib/database-url";

/** The rows of a query, or none of a statement, on either kind of database, beside the application's own connection. */
export async function askDatabase<Row extends object>(url: string, sql: string): Promise<Row[]> {
  if (databaseKind(url) === "sqlite") {
    const database = openFile(url);
    try {
      const statement = database.prepare<[], Row>(sql);
      if (statement.reader) return statement.all();
      statement.run();
      return [];
    } finally {
      database.close();
    }
  }
  const client = await connect(url);
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function countPredictions(url: string): Promise<number> {
  const [row] = await askDatabase<{ count: number | string }>(
    url,
    "SELECT count(*) AS count FROM prediction",
  );
  return Number(row?.count);
}

/** Keeps the application from saving, until the returned function is called. */
export async function blockWriters(url: string): Promise<() => Promise<void>> {
  if (databaseKind(url) === "sqlite") {
    const database = openFile(url);
    database.exec("BEGIN IMMEDIATE");
    return async () => {
      database.close();
    };
  }
  const client = await connect(url);
  await client.query("BEGIN");
  await client.query("LOCK TABLE prediction IN EXCLUSIVE MODE");
  return () => client.end();
}

const openFile = (url: string) => new Database(sqlitePath(url));

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
