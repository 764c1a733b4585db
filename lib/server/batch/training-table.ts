import "server-only";
import type { DuckDBConnection } from "@duckdb/node-api";
import { TRAINING_DATA } from "@/lib/server/model/training-data";
import { VALUE_COLUMNS } from "./relation";

const NAME = "training";

/** A table of this connection with the values of the training cases; its name. */
export async function trainingTable(connection: DuckDBConnection): Promise<string> {
  const columns = VALUE_COLUMNS.map((name) => `${name} DOUBLE`).join(", ");
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${NAME} (${columns})`);
  // As SQL, thousands of rows take seconds to parse.
  const appender = await connection.createAppender(NAME, "main", "temp");
  for (const values of TRAINING_DATA.features) {
    for (const value of values) appender.appendDouble(value);
    appender.endRow();
  }
  appender.closeSync();
  return NAME;
}
