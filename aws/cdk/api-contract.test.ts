import Ajv from "ajv-draft-04";
import fc from "fast-check";
import { expect, it } from "vitest";
import { errorAnswer, MAX_INSTANCES, predictRequest } from "../../lib/contract";
import { FAILURES } from "../../lib/inference/failure";
import { render } from "../local/render";
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

/** As the Lambda throws it: its whole answer. */
const thrown = (code: string, message: string) =>
  JSON.stringify({ error: { code, message, retryable: false }, requestId: "7c1e" });

it.each(Object.entries(FAILURES))(
  "passes on what the Lambda answers with %s, under its status",
  (code, { status }) => {
    for (const message of ["The model did not like it.", "Task timed out", 'not "a\nnumber"']) {
      const errorMessage = thrown(code, message);
      const [response, ...others] = matching(errorMessage);
      expect([response?.status, others]).toEqual([status, []]);
      const body = { errorMessage, errorType: code };
      expect(render(response?.template ?? "", { requestId: "other", body }).trim()).toBe(errorMessage);
    }
  },
);

it.each([
  ["2026-11-24T17:00:00Z 3f Task timed out after 28.00 seconds", 504, "timeout"],
  ["RequestId: 3f Error: Task timed out after 28.00 seconds", 504, "timeout"],
  ["RequestId: 3f Error: Runtime exited with error: signal: killed", 502, "model_failed"],
  ["Cannot read properties of undefined", 502, "model_failed"],
  ["two\nlines", 502, "model_failed"],
  ['a {"error":{"code":"bad_request"}} inside', 502, "model_failed"],
  ["{}", 502, "model_failed"],
])("answers %j, which the handler does not throw, with an error too", (errorMessage, status, code) => {
  const [response, ...others] = matching(errorMessage);
  expect([response?.status, others]).toEqual([status, []]);
  for (const errorType of [undefined, "Sandbox.Timedout", "TypeError"]) {
    const text = render(response?.template ?? "", { requestId: "7c1e", body: { errorMessage, errorType } });
    const { error, requestId } = errorAnswer.parse(JSON.parse(text));
    expect([error.code, error.retryable, requestId]).toEqual([code, true, "7c1e"]);
    // It may quote anything.
    expect(error.message).not.toContain(errorMessage);
  }
});

it("leaves an answer without an error to the default", () => {
  expect(matching("")).toEqual([]);
});

it("writes errors of its own in the Lambda's contract", () => {
  const given = JSON.parse(errorTemplate("bad_request", false, 'It says "no".'));
  expect(errorAnswer.parse(given)).toEqual({
    error: { code: "bad_request", message: 'It says "no".', retryable: false },
    requestId: "$context.requestId",
  });
});
