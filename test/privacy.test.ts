import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

const tables = [...read("prisma/schema.prisma").matchAll(/^ {2}@@map\("(\w+)"\)$/gm)].map(([, name]) => name);
const said = [...read("docs/privacy.md").matchAll(/^\| `(\w+)` +\| .+? \| .+? \|$/gm)].map(
  ([, name]) => name,
);

it("docs/privacy.md says how long each table is kept, and of none that is not there", () => {
  expect(tables.length).toBeGreaterThan(20);
  // Made by the process that counts, and in no migration.
  expect([...said].sort()).toEqual([...tables, "request_count"].sort());
});
