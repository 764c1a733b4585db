import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { ApiDocument, DocumentedOperation, Schema } from "../lib/server/api/document";
import { table } from "../tables/current";
import { isBrief } from "../test/brief";
import { createThrowawayDatabase } from "../test/throwaway";

/** Requests made from the API's own document, right and wrong ones, by HTTP. */

const logged = vi.hoisted(() => vi.fn());
vi.mock("@/lib/server/log", () => ({ log: logged }));

const { url, remove } = createThrowawayDatabase();
const folder = mkdtempSync(join(tmpdir(), "batches-"));
process.env.DATABASE_URL = url;
process.env.BATCH_URL = `file:${folder}`;
const { database } = await import("../lib/server/database/db");
const { answerProgram } = await import("./api");
const { startBatches } = await import("../lib/server/batch/runner");

const server = createServer((request, response) => void answerProgram(request, response));
let origin = "";
let document: ApiDocument;
/** Of predictions and pages that were answered, and of batches, for requests that name some. */
const known = {
  ids: [] as string[],
  cursors: [] as string[],
  finished: [] as string[],
  read: [] as string[],
};

const REQUESTS = isBrief ? 500 : 5_000;
/** Of each kind, since some requests delete one. */
const BATCHES = isBrief ? 3 : 10;
const FILE = readFileSync(table.dataFile, "utf8").split("\n").slice(0, 40).join("\n");

async function makeBatches(start: boolean, state: string): Promise<string[]> {
  const headers = { "Content-Type": "text/csv" };
  const sent = Array.from({ length: BATCHES }, async () => {
    const at = `${origin}/api/v1/batches`;
    const response = await fetch(`${at}?start=${start}`, { method: "POST", headers, body: FILE });
    const { id } = (await response.json()) as { id: string };
    const isDone = async () => {
      const now = (await (await fetch(`${at}/${id}`)).json()) as { state: string; isWorkedOn: boolean };
      return now.state === state && !now.isWorkedOn;
    };
    while (!(await isDone())) await pause(50);
    return id;
  });
  return Promise.all(sent);
}

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  document = (await (await fetch(`${origin}/api/v1/openapi.json`)).json()) as ApiDocument;
  startBatches();
  known.finished = await makeBatches(true, "finished");
  known.read = await makeBatches(false, "read");
});

afterAll(async () => {
  server.close();
  await (await database()).$disconnect();
  remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Texts that programs send by mistake, or to do harm. */
const oddText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "null",
    "-1",
    "1e999",
    "../..",
    "%",
    "' OR 1=1 --",
    "\u0000",
    "\ud800",
    "é́",
    "𝒳",
    "A".repeat(3000),
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const oddNumber = fc.constantFrom(0, -0, -1, 1e308, -1e308, 5e-324, Number.MAX_SAFE_INTEGER, 0.1 + 0.2, 1e21);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  oddNumber,
  fc.constantFrom(null, true, [], {}, [[[[]]]], { __proto__: null, constructor: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);

function operationOf(operationId: string): DocumentedOperation {
  const all = Object.values(document.paths).flatMap((item) => Object.values(item));
  const found = all.find((one) => one.operationId === operationId);
  if (found === undefined) throw new Error(`no operation ${operationId}`);
  return found;
}

const schemaNamed = ($ref: string) => document.components.schemas[$ref.split("/").at(-1) ?? ""] ?? {};

/** A value that fits a schema, as far as the schema says. */
function valid(schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, anyOf, items, properties, type, format } = schema;
  const {
    minimum = -1e6,
    maximum = 1e6,
    minItems = 0,
    maxItems = 3,
    maxLength = 40,
  } = schema as Record<string, number>;
  if ($ref !== undefined) return valid(schemaNamed($ref));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(valid));
  const one = [type].flat()[0];
  if (properties !== undefined) {
    const requiredKeys = schema.required ?? [];
    return fc.record(
      Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, valid(property)])),
      { requiredKeys },
    );
  }
  if (one === "array") {
    return fc.array(valid(items ?? {}), {
      minLength: minItems,
      maxLength: Math.max(minItems, Math.min(maxItems, 4)),
    });
  }
  if (one === "integer") return fc.integer({ min: minimum, max: maximum });
  if (one === "number")
    return fc.oneof(
      fc.double({ min: minimum, max: maximum, noNaN: true }),
      fc.integer({ min: minimum, max: maximum }),
    );
  if (one === "boolean") return fc.boolean();
  if (format === "date") return fc.constantFrom("2026-11-20", "1999-12-31", "2026-02-30", "3000-01-01");
  if (format === "uuid") return fc.uuid();
  return one === "string" ? fc.string({ maxLength: Math.min(maxLength, 40) }) : oddValue;
}

/** The same with something wrong at one place, however deep. */
function nearly(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== "object" || value === null) return oddValue;
  const entries = Object.entries(value);
  const without = (at: number) => entries.filter((_, other) => other !== at);
  const rebuilt = (changed: [string, unknown][]) =>
    Array.isArray(value) ? changed.map(([, item]) => item) : Object.fromEntries(changed);
  if (entries.length === 0) return oddValue;
  return fc.nat(entries.length - 1).chain((at) => {
    const [key = "", inner] = entries[at] ?? [];
    return fc.oneof(
      fc.constant(rebuilt(without(at))),
      oddValue.map((odd) => rebuilt([...without(at), [key, odd]])),
      fc.tuple(oddText, oddValue).map(([name, odd]) => rebuilt([...entries, [name, odd]])),
      { arbitrary: nearly(inner).map((odd) => rebuilt([...without(at), [key, odd]])), weight: 2 },
    );
  });
}

const recall = (from: readonly string[], at: number) => from[at % from.length] ?? "none";
/** As part of an address; half of a character becomes the sign for one that is none. */
const escaped = (text: string) => encodeURIComponent(Buffer.from(text).toString());

type Sent = { method: string; path: string; headers: Record<string, string>; body?: string };
type Asked = { operationId: string; sent: Sent };

/** What the parameters in an address can be; the document says of most only that they are texts. */
const plausible = fc.constantFrom(
  ...[
    "-date",
    "probability",
    "1",
    "100",
    "10..20",
    "..5",
    "2026-11-24",
    "0.5",
    "api,form",
    "any",
    "known",
    "uncertain",
  ],
);

/** What is read of a batch that nobody starts does not end. */
function idsOf(operationId: string, path: string): readonly string[] {
  if (!path.includes("/batches")) return known.ids;
  return operationId === "watchBatch" ? known.finished : [...known.finished, ...known.read];
}

function requestOf(method: string, path: string, operation: DocumentedOperation): fc.Arbitrary<Asked> {
  const { parameters = [], requestBody } = operation;
  const [type = "", content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const ids = fc.oneof({ arbitrary: fc.nat(1e6), weight: 4 }, oddText, fc.uuid());
  const ofQuery = parameters.filter((one) => one.in === "query").map(({ name }) => name);
  const query = fc.array(
    fc.tuple(
      ofQuery.length === 0
        ? oddText
        : fc.oneof({ arbitrary: fc.constantFrom(...ofQuery), weight: 12 }, oddText),
      fc.oneof({ arbitrary: plausible, weight: 4 }, oddText, fc.nat(1e6)),
    ),
    { maxLength: ofQuery.length === 0 ? 1 : 3 },
  );
  const headers = fc.record(
    {
      "Idempotency-Key": fc.constantFrom("one", "other", "", "a b", "é".normalize("NFD").slice(0, 1)),
      "If-Match": fc.constantFrom("*", '"x"', 'W/"x", "y"', ""),
      "X-Request-Id": fc.constantFrom("mine", "a b", "x".repeat(500)),
      "Content-Type": fc.oneof(
        { arbitrary: fc.constant("application/json; charset=UTF-8"), weight: 3 },
        fc.constantFrom(
          "text/plain",
          "application/x-www-form-urlencoded",
          "application/json; charset=latin1",
          "x",
        ),
      ),
    },
    { requiredKeys: [] },
  );
  const body = content === undefined ? fc.constant(undefined) : bodyOf(content);
  return fc
    .record({
      id: ids,
      row: fc.oneof({ arbitrary: fc.integer({ min: 1, max: 50 }), weight: 4 }, oddText),
      query: fc.oneof(
        { arbitrary: fc.constant<[string, string | number][]>([]), weight: ofQuery.length === 0 ? 9 : 1 },
        query,
      ),
      headers: fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, headers),
      body,
      method: fc.oneof(
        { arbitrary: fc.constant(method), weight: 30 },
        fc.constantFrom("put", "options", "head", "delete"),
      ),
    })
    .map(({ id, row, query, headers, body, method }) => {
      const named = typeof id === "number" ? recall(idsOf(operation.operationId, path), id) : id;
      const search = query
        .map(([name, value]) => [name, typeof value === "number" ? recall(known.cursors, value) : value])
        .map((pair) => pair.map(escaped).join("="))
        .join("&");
      const filled = path
        .replace("{id}", escaped(named).replaceAll(".", "%2E"))
        .replace("{row}", escaped(String(row)).replaceAll(".", "%2E"));
      return {
        operationId: operation.operationId,
        sent: {
          method: method.toUpperCase(),
          path: `${filled}${search === "" ? "" : `?${search}`}`,
          headers: { ...(body === undefined ? {} : { "Content-Type": type }), ...headers },
          ...(body !== undefined && !["head", "get"].includes(method) && { body }),
        },
      };
    });
}

function bodyOf({ schema, example }: { schema: Schema; example?: unknown }): fc.Arbitrary<string> {
  const fitting = fc.oneof({ arbitrary: fc.constant(example), weight: 2 }, valid(schema));
  return fc.oneof(
    { arbitrary: fitting.map((value) => JSON.stringify(value)), weight: 4 },
    { arbitrary: fitting.chain(nearly).map((value) => JSON.stringify(value) ?? ""), weight: 4 },
    { arbitrary: oddValue.map((value) => JSON.stringify(value)), weight: 1 },
    {
      arbitrary: fc.constantFrom(
        "",
        "{",
        "[".repeat(5000),
        '{"a":1e999}',
        '{"cases":[',
        "\ufeff{}",
        "x".repeat(70_000),
      ),
      weight: 1,
    },
  );
}

/** Schemas of answers say what is there; here they say too that nothing else is. */
function closed(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map(closed) as unknown as Schema;
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value as Schema)]),
  );
  return schema.properties !== undefined && !("additionalProperties" in schema)
    ? { ...inner, additionalProperties: false }
    : inner;
}

function createCheck() {
  const ajv = new Ajv2020({ strict: false });
  ajv.addFormat("uuid", /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  ajv.addFormat("date", /^\d{4}-\d\d-\d\d$/);
  ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  ajv.addSchema({ $id: "document", components: closed(document.components as unknown as Schema) });
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema: Schema, value: unknown): string | null => {
    const inDocument = JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"document#/')) as Schema;
    const validate = compiled.get(schema) ?? ajv.compile(inDocument);
    compiled.set(schema, validate);
    return validate(value) ? null : ajv.errorsText(validate.errors);
  };
}

const LISTS = ["listPredictions", "listBatchRows"];

it(`answers ${REQUESTS} requests made from its document as the document says, and none with a fault of its own`, async () => {
  const check = createCheck();
  const seen = new Map<string, number>();
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      arbitrary: requestOf(method, path, operation),
      // What takes much can be got wrong in more ways.
      weight: operation.requestBody !== undefined ? 6 : LISTS.includes(operation.operationId) ? 4 : 1,
    })),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(...operations), async ({ operationId, sent: { path, ...init } }) => {
      const { responses } = operationOf(operationId);
      const response = await fetch(origin + path, init);
      const text = await response.text();
      const { status } = response;
      expect(status, text).toBeLessThan(500);
      expect(response.headers.get("cache-control")).toMatch(/^no-store/);
      const isDocumented = String(status) in responses && init.method !== "OPTIONS";
      const of = `${isDocumented ? operationId : init.method} ${status}`;
      seen.set(of, (seen.get(of) ?? 0) + 1);
      if (text === "") {
        expect(init.method === "HEAD" || status === 204, of).toBe(true);
        return;
      }
      const [type = ""] = response.headers.get("content-type")?.split(";") ?? [];
      const media = isDocumented ? responses[String(status)]?.content?.[type] : undefined;
      // A file, or events.
      if (media !== undefined && !type.endsWith("json")) return;
      const said: unknown = JSON.parse(text);
      const schema = isDocumented ? media?.schema : { $ref: "#/components/schemas/Problem" };
      if (schema === undefined) throw new Error(`${of} as ${type} is not in the document`);
      expect(check(schema, said), `${of}: ${text.slice(0, 500)}`).toBeNull();
      remember(said as Parameters<typeof remember>[0]);
    }),
    { numRuns: REQUESTS },
  );
  expect(logged.mock.calls).toEqual([]);
  if (isBrief) return;
  // Operations were right and wrong, and what is rare came. What comes a few times only would at times not come at all.
  const wanted = [
    "createPredictions 201",
    "createPredictions 400",
    "createPredictions 415",
    "createPredictions 422",
  ];
  wanted.push("listPredictions 200", "listPredictions 400", "readPrediction 200", "readPrediction 404");
  wanted.push("annotatePrediction 200", "annotatePrediction 409");
  wanted.push("setOutcome 200", "setOutcome 422", "deletePrediction 204", "readModel 200", "PUT 405");
  wanted.push("createBatch 400", "createBatch 422", "listBatches 200", "readBatch 200", "readBatch 404");
  wanted.push("changeBatch 409", "changeBatch 422", "startBatch 409", "deleteBatch 204");
  wanted.push("listBatchRows 200", "listBatchRows 400", "readBatchRow 200", "readBatchRow 404");
  wanted.push("readBatchResults 200", "readBatchBadRows 200", "watchBatch 200");
  expect([...seen.keys()]).toEqual(expect.arrayContaining(wanted));
});

/** Keeps what an answer names. A few are enough, and the latest are not deleted yet. */
function remember(said: { id?: string; links?: { next?: string | null } }): void {
  if (typeof said.id === "string") known.ids = [said.id, ...known.ids].slice(0, 5);
  const cursor = new URL(said.links?.next ?? "", origin).searchParams.get("cursor");
  if (cursor !== null) known.cursors = [cursor, ...known.cursors].slice(0, 5);
}
