import { expect, it } from "vitest";
import { parseLambdaEnv } from "./lambda-env";

it("needs an endpoint's name", () => {
  expect(parseLambdaEnv({ ENDPOINT_NAME: "cyto-1" })).toEqual({
    ok: true,
    value: {
      ENDPOINT_NAME: "cyto-1",
      ENDPOINT_TIMEOUT_MS: 27_000,
      ENDPOINT_CONTENT_TYPE: "application/json",
    },
  });
  expect(parseLambdaEnv({ ENDPOINT_NAME: "cyto-1", ENDPOINT_TIMEOUT_MS: "500" })).toMatchObject({
    ok: true,
    value: { ENDPOINT_NAME: "cyto-1", ENDPOINT_TIMEOUT_MS: 500 },
  });
});

it("takes CSV with a threshold, and neither without the other", () => {
  const csv = { ENDPOINT_NAME: "xgb", ENDPOINT_CONTENT_TYPE: "text/csv", ENDPOINT_THRESHOLD: "0.35" };
  expect(parseLambdaEnv(csv)).toMatchObject({ ok: true, value: { ENDPOINT_THRESHOLD: 0.35 } });
});

it.each([
  [{ ENDPOINT_NAME: "xgb", ENDPOINT_CONTENT_TYPE: "text/csv" }, ["ENDPOINT_THRESHOLD"]],
  [{ ENDPOINT_NAME: "xgb", ENDPOINT_THRESHOLD: "0.5" }, ["ENDPOINT_THRESHOLD"]],
  [
    { ENDPOINT_NAME: "xgb", ENDPOINT_CONTENT_TYPE: "text/csv", ENDPOINT_THRESHOLD: "50" },
    ["ENDPOINT_THRESHOLD"],
  ],
  [{ ENDPOINT_NAME: "xgb", ENDPOINT_CONTENT_TYPE: "image/png" }, ["ENDPOINT_CONTENT_TYPE"]],
  [{}, ["ENDPOINT_NAME"]],
  [{ ENDPOINT_NAME: "a/b", ENDPOINT_TIMEOUT_MS: "soon" }, ["ENDPOINT_NAME", "ENDPOINT_TIMEOUT_MS"]],
])("names every bad variable of %j", (source, names) => {
  const parsed = parseLambdaEnv(source);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) expect(parsed.error.split("; ").map((line) => line.split(":")[0])).toEqual(names);
});
