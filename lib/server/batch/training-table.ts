import "server-only";
import type { DuckDBConnection } from "@duckdb/node-api";
import { TRAINING_DATA } from "@/lib/server/model/training-data";
import { VALUE_COLUMNS } from "./relation";

const NAME = "training";

/** A table of this connection with the values of the training cases; its name. */
export async function trainingTable(connection: DuckDBConnection): Promise<string> {
  const columns = VALUE_COLUMNS.map((name) => `${name} DOUBLE`).join(", ");
  const literal = (value: number) => (Number.isNaN(value) ? "'NaN'::DOUBLE" : String(value));
  const rows = TRAINING_DATA.features.map((values) => `(${values.map(literal).join(", ")})`).join(", ");
  await connection.run(`CREATE OR REPLACE TEMP TABLE ${NAME} (${columns})`);
  await connection.run(`INSERT INTO ${NAME} VALUES ${rows}`);
  return NAME;
}
