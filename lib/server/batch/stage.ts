import "server-only";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Mapping } from "@/lib/batch/mapping";
import { PLAIN_PARQUET, rowsOf, sqlText } from "./duck";
import type { Prepared } from "./prepare";
import { rowsClause } from "./relation";

/**
 * The rows of a table as the check has read them, in a Parquet file of this machine: text is read once, and any stretch of
 * rows is found at once, wherever a restart begins. What is in it follows from the upload and the mapping alone.
 */

/** Lines of the file that no row could be made of. */
export type Rejected = { line: number; reason: string };

/** Where the rows are staged by this mapping. */
const stageFile = (folder: string, mapping: Mapping) =>
  join(
    folder,
    `rows-${createHash("sha256").update(JSON.stringify(mapping)).digest("hex").slice(0, 16)}.parquet`,
  );

/** Stages the rows, unless they are; for a file that was rejected in part, once more. */
export async function stageRows(
  connection: DuckDBConnection,
  prepared: Prepared,
  mapping: Mapping,
  folder: string,
): Promise<{ file: string; rejected: Rejected[] }> {
  const file = stageFile(folder, mapping);
  const part = `${file}.making`;
  const copy = async (parallel: boolean) => {
    await connection.run("DROP TABLE IF EXISTS reject_errors");
    await connection.run("DROP TABLE IF EXISTS reject_scans");
    await connection.run(
      `COPY (SELECT * FROM ${rowsClause(prepared, mapping, parallel)}) TO ${sqlText(part)}
       (${PLAIN_PARQUET})`,
    );
  };
  try {
    await copy(true);
  } catch (error) {
    // Cells with line breaks in them cannot be read from several places at once.
    if (!(error instanceof Error && error.message.includes("parallel=false"))) throw error;
    await copy(false);
  }
  await rename(part, file);
  return { file, rejected: await rejectedLines(connection) };
}

/** The staged rows, which are made again where this machine has not got them. */
export async function findStage(
  connection: DuckDBConnection,
  prepared: Prepared,
  mapping: Mapping,
  folder: string,
): Promise<string> {
  const file = stageFile(folder, mapping);
  return existsSync(file) ? file : (await stageRows(connection, prepared, mapping, folder)).file;
}

/** Staged rows in SQL, `file_row_number` (from 0) among their columns. */
export const stagedClause = (file: string) => `read_parquet(${sqlText(file)}, file_row_number = true)`;

async function rejectedLines(connection: DuckDBConnection): Promise<Rejected[]> {
  const [[has] = []] = await rowsOf(
    connection,
    "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'reject_errors'",
  );
  if (Number(has) === 0) return [];
  const rows = await rowsOf(
    connection,
    "SELECT line, any_value(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line",
  );
  return rows.map(([line, type]) => ({
    line: Number(line),
    reason:
      type === "INVALID ENCODING" || type === "INVALID UNICODE"
        ? "It is not UTF-8 text. Save the file as UTF-8."
        : "It cannot be divided into cells.",
  }));
}
