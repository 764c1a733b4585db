import { afterAll, expect, it } from "vitest";
import { FEATURE_KEYS, FEATURES, table } from "@/tables/current";
import { askDatabase } from "@/test/database";
import { createThrowawayDatabase, runMigrate, TEST_DATABASE } from "@/test/throwaway";

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
const { database } = await import("./db");
const { requireOwnTable } = await import("./own-table");
const { savePrediction } = await import("../prediction/predictions");

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

const ask = (sql: string) => askDatabase<{ name: string }>(url, sql);
const columns = async () =>
  (
    await ask(
      TEST_DATABASE === "sqlite"
        ? "SELECT name FROM pragma_table_info('prediction')"
        : "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'prediction' AND table_schema = 'public'",
    )
  ).map(({ name }) => name);
const check = async () => requireOwnTable(await database(), url);
const note = async (value: string) => {
  await (await database()).setting.deleteMany();
  await (await database()).setting.create({ data: { name: "table", value } });
};
const noted = async () => (await (await database()).setting.findUnique({ where: { name: "table" } }))?.value;

const OWN = new RegExp(`^${table.name} [0-9a-f]{16}$`);

it("that has no predictions gets this table's columns, and becomes this table's whatever it was", async () => {
  const before = (await columns()).toSorted();
  const [first = ""] = FEATURE_KEYS;
  await ask(`ALTER TABLE prediction RENAME COLUMN ${first} TO of_another`);
  runMigrate("deploy", url);
  expect((await columns()).toSorted()).toEqual(before);

  await check();
  expect(await noted()).toMatch(OWN);
  await note("another 0123456789abcdef");
  await check();
  expect(await noted()).toMatch(OWN);
});

it("that has predictions is refused by its name where they are of another table", async () => {
  const saved = await savePrediction({
    formKey: "0190c8a0-0000-7000-8000-000000000001",
    source: "form",
    values: FEATURES.map(({ range }) => range.min),
    prediction: {
      ...{ diagnosis: table.classes.positive, probability: 0.9, label: null, base: null },
      ...{ contributions: null, typicality: null, cautions: null },
    },
    model: { name: "test", version: "1", hash: null, threshold: null, uncertain: null },
    backend: "embedded",
    latencyMs: 1,
  });
  expect(saved.ok).toBe(true);
  await note(table.name);
  await check();
  expect(await noted()).toMatch(OWN);
  await check();

  await note("another 0123456789abcdef");
  await expect(check()).rejects.toThrow(
    `holds 1 prediction of "another", and this application is for "${table.name}". Set DATABASE_URL to another database, or go back: npm run adopt -- --use another`,
  );
  await note(`${table.name} 0123456789abcdef`);
  await expect(check()).rejects.toThrow(`holds 1 prediction of "${table.name}" with other columns`);

  const before = await columns();
  const [first = ""] = FEATURE_KEYS;
  await ask(`ALTER TABLE prediction RENAME COLUMN ${first} TO of_another`);
  runMigrate("deploy", url);
  expect(await columns()).toEqual(before.map((name) => (name === first ? "of_another" : name)));
});
