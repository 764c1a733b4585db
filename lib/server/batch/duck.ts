import "server-only";
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";

/** DuckDB in this process: an engine over files, without tables of its own that outlive it. */

/** `memoryMb`: for what it keeps and sorts; beyond it, files in `folder` are used. */
export async function openDuck({
  memoryMb,
  folder,
}: {
  memoryMb: number;
  folder: string;
}): Promise<DuckDBInstance> {
  // Tens of megabytes, which a server that is asked for no batch does without.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryMb}MB`,
    threads: "2",
    temp_directory: folder,
    // Nothing is fetched at run time.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    // What it has freed goes back to the system while it runs, too.
    allocator_background_threads: "true",
    enable_external_file_cache: "false",
  });
  const connection = await instance.connect();
  // What the groups of rows hold is read once a file, not by each statement. This setting comes with an extension, and so not above.
  await connection.run("SET GLOBAL parquet_metadata_cache = true");
  connection.closeSync();
  return instance;
}

/** The rows of a statement as arrays of JavaScript's values: BIGINT is bigint. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values?: DuckDBValue[],
): Promise<unknown[][]> {
  return (await connection.runAndReadAll(sql, values)).getRowsJS();
}

/** How parts are written: with dictionaries for what has few values; one of measurements is filled for nothing, for half of the time. */
export const PARQUET = "FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 100";
/** How rows are written that are soon read again, twice: a fifth more of the disk, for a fifth less of the time. */
export const PLAIN_PARQUET =
  "FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 1";

/** A text as SQL has it. */
export const sqlText = (text: string) => `'${text.replaceAll("'", "''")}'`;
/** A name as SQL has it. */
export const sqlName = (name: string) => `"${name.replaceAll('"', '""')}"`;
