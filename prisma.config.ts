import { defineConfig } from "prisma/config";
import { databaseKind } from "./lib/database-url";

const url = process.env.DATABASE_URL || "file:./data/cytodesk.db";
const kind = databaseKind(url) ?? "sqlite";

// For Prisma's CLI where it is used; scripts/setup.mjs writes the schemas with the present table's columns.
export default defineConfig({
  schema: `lib/server/generated/${kind}.prisma`,
  migrations: { path: `prisma/migrations/${kind}` },
  datasource: { url },
});
