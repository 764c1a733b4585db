import Ajv from "ajv-draft-04";
import fc from "fast-check";
import { expect, it } from "vitest";
import { errorAnswer, MAX_INSTANCES, predictRequest } from "../../lib/contract";
import { FAILURES } from "../../lib/inference/failure";
import {
  errorTemplate,
  LIST_REQUEST_TEMPLATE,
  listRequestModel,
  predictRequestModel,
  THROWN_ERRORS,
} from "./api-contract";

const ajv = new Ajv();
const isPredictRequest = ajv.compile(predictRequestModel());
const isListRequest = ajv.compile(listRequestModel());

function agree(body: unknown): void {
  const accepted = predictRequest.safeParse(body).success;
  expect(isPredictRequest(body), JSON.stringify(body)?.slice(0, 300)).toBe(accepted);
}

const vector = (length: number, fill: unknown = 1) => ({ features: Array.from({ length }, () => fill) });

it("lets through at the gateway exactly what the Lambda reads", () => {
  const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1 }), fc.nat());
  const features = fc.oneof(
    { weight: 5, arbitrary: fc.array(number.map(Math.abs), { minLength: 30, maxLength: 30 }) },
    fc.array(fc.oneof(number, fc.string(), fc.constant(null)), { minLength: 29, maxLength: 31 }),
  );
  const instance = fc.oneof(
    { weight: 9, arbitrary: fc.record({ features }) },
    fc.record({ features, more: fc.jsonValue() }),
  );
  const body = fc.oneof(
    { weight: 9, arbitrary: fc.record({ instances: fc.array(instance, { maxLength: 4 }) }) },
    fc.record({ instances: fc.array(instance, { maxLength: 2 }), more: fc.jsonValue() }),
    fc.jsonValue(),
  );
  // As it comes off the wire: no -0, no undefined.
  fc.assert(fc.property(body, (value) => agree(JSON.parse(JSON.stringify(value)))));
});

it.each([
  ["one row", { instances: [vector(30)] }, true],
  ["zeros", { instances: [vector(30, 0)] }, true],
  ["the most rows", { instances: Array.from({ length: MAX_INSTANCES }, () => vector(30)) }, true],
  ["a row too many", { instances: Array.from({ length: MAX_INSTANCES + 1 }, () => vector(30)) }, false],
  ["no row", { instances: [] }, false],
  ["29 numbers", { instances: [vector(29)] }, false],
  ["31 numbers", { instances: [vector(31)] }, false],
  ["a negative number", { instances: [vector(30, -0.1)] }, false],
  ["text", { instances: [vector(30, "1")] }, false],
  ["null", { instances: [vector(30, null)] }, false],
  ["another property", { instances: [{ ...vector(30), id: 1 }] }, false],
  ["the older contract", { data: "17.99" }, false],
  ["an array", [vector(30)], false],
])("agrees with the Lambda on %s", (_, body, valid) => {
  agree(body);
  expect(isPredictRequest(body)).toBe(valid);
});

it("keeps to draft 4, the only one API Gateway reads", () => {
  const text = JSON.stringify(predictRequestModel());
  expect(text).toContain('"$schema":"http://json-schema.org/draft-04/schema#"');
  for (const word of ["$ref", "$defs", "const", "prefixItems", "exclusiveMinimum"]) {
    expect(text).not.toContain(`"${word}"`);
  }
});

it("takes text for the older contract", () => {
  expect(isListRequest({ data: "17.99, 10.38" })).toBe(true);
  expect(isListRequest({ data: 17.99 })).toBe(false);
  expect(isListRequest({})).toBe(false);
  const filled = LIST_REQUEST_TEMPLATE.replace("$input.json('$.data')", '"17.99, \\"10.38\\""');
  expect(JSON.parse(filled)).toEqual({ data: '17.99, "10.38"', requestId: "$context.requestId" });
});

/** As API Gateway matches: the whole text, and `.` stops at a line's end. */
const matching = (text: string) =>
  THROWN_ERRORS.filter(({ pattern }) => new RegExp(`^(?:${pattern})$`).test(text));

it.each(Object.entries(FAILURES))("answers a thrown %s with its status", (code, { status }) => {
  expect(matching(`${code}: The model did not like it.`).map((error) => error.status)).toEqual([status]);
});

it.each([
  ["2026-11-24T17:00:00Z 3f Task timed out after 28.00 seconds", 504],
  ["RequestId: 3f Error: Task timed out after 28.00 seconds", 504],
  ["RequestId: 3f Error: Runtime exited with error: signal: killed", 502],
  ["Cannot read properties of undefined", 502],
  ["two\nlines", 502],
  ["a bad_request: inside", 502],
])("answers %j, which the handler does not throw, with an error too", (text, status) => {
  expect(matching(text).map((error) => error.status)).toEqual([status]);
});

it("leaves an answer without an error to the default", () => {
  expect(matching("")).toEqual([]);
});

it("writes errors in the Lambda's contract", () => {
  for (const { status, code, retryable } of THROWN_ERRORS) {
    expect({ status, retryable }).toEqual(FAILURES[code]);
    const thrown = errorTemplate(code, retryable).replace(
      "$input.json('$.errorMessage')",
      '"a \\"quoted\\" text"',
    );
    expect(errorAnswer.parse(JSON.parse(thrown))).toEqual({
      error: { code, message: 'a "quoted" text', retryable },
      requestId: "$context.requestId",
    });
  }
  const given = JSON.parse(errorTemplate("bad_request", false, 'It says "no".'));
  expect(errorAnswer.parse(given).error.message).toBe('It says "no".');
});
