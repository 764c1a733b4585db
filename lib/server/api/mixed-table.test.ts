// Before the contract, whose schemas get what describes them from it.
import "@hono/zod-openapi";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { writeWireVector } from "@/lib/contract";
import { anyCase, FEATURES, SAMPLES } from "@/test/mixed-table";
import { createApi } from "./create-api";
import { readCase } from "./new-cases";
import { documentOf } from "./open-api";
import { measurementsOf } from "./prediction-view";

vi.mock("@/tables/current", () => import("@/test/mixed-table"));

const api = createApi();
const named = (values: readonly number[]) =>
  Object.fromEntries(FEATURES.map(({ key, index }) => [key, values[index]]));

it("reads any case of a table with columns of every type, by names or in order, and answers it by names", () => {
  fc.assert(
    fc.property(anyCase, (values) => {
      const measurements = JSON.parse(JSON.stringify(measurementsOf(values)));
      const features = JSON.parse(JSON.stringify(writeWireVector(values)));
      for (const body of [{ measurements }, { features }]) {
        expect(readCase(body)).toEqual({ ok: true, value: { caseCode: null, values: named(values) } });
      }
    }),
  );
});

it.each([
  ["job", "part"],
  ["job", null],
  ["owner", "yes"],
  ["income", null],
  ["age", 17],
])("refuses %s as %j, and says where", (key, value) => {
  const measurements = { ...measurementsOf([5, 2, 0, 0, 0, 0, 40]), [key]: value };
  expect(readCase({ measurements })).toMatchObject({
    ok: false,
    error: [{ pointer: `/measurements/${key}` }],
  });
});

it("says of each column what it can be", async () => {
  const answer = await api.request("http://127.0.0.1/api/v1/columns");
  expect(await answer.json()).toMatchObject({
    columns: [
      { key: "income", type: "number", levels: [], mayMiss: false, least: 0, range: { max: 10 } },
      { key: "balance", least: null },
      { key: "job", type: "category", mayMiss: false, least: null, range: null },
      { levels: [{ code: "rent", word: "rent" }, { code: "own" }], mayMiss: true },
      { type: "yes-no", levels: [{ code: "no" }, { code: "yes" }] },
      { mayMiss: true },
      { least: 18 },
    ],
    samples: SAMPLES.map(({ key, values }) => ({ key, features: [...writeWireVector(values)] })),
  });
});

it("has a document without a fault, whose schemas have levels and null", async () => {
  const document = documentOf(api, "http://127.0.0.1:3000");
  const config = await createConfig({ extends: ["recommended"] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  const { Measurements, CaseByOrder } = document.components.schemas;
  expect(Measurements?.properties).toMatchObject({
    income: { type: "number", minimum: 0 },
    balance: { type: "number" },
    job: { enum: ["fixed", 'a "b", c;d', "=1+1", "-"] },
    home: { type: ["string", "null"] },
    owner: { type: "boolean" },
    records: { type: ["boolean", "null"] },
  });
  expect(CaseByOrder?.properties?.features).toMatchObject({ type: "array", prefixItems: expect.any(Array) });
});
