import { expect, it } from "vitest";
import { parseLambdaEnv } from "./lambda-env";

it("needs an endpoint's name", () => {
  expect(parseLambdaEnv({ ENDPOINT_NAME: "cyto-1" })).toEqual({
    ok: true,
    value: { ENDPOINT_NAME: "cyto-1", ENDPOINT_TIMEOUT_MS: 27_000 },
  });
  expect(parseLambdaEnv({ ENDPOINT_NAME: "cyto-1", ENDPOINT_TIMEOUT_MS: "500" })).toEqual({
    ok: true,
    value: { ENDPOINT_NAME: "cyto-1", ENDPOINT_TIMEOUT_MS: 500 },
  });
});

it.each([
  [{}, ["ENDPOINT_NAME"]],
  [{ ENDPOINT_NAME: "a/b", ENDPOINT_TIMEOUT_MS: "soon" }, ["ENDPOINT_NAME", "ENDPOINT_TIMEOUT_MS"]],
])("names every bad variable of %j", (source, names) => {
  const parsed = parseLambdaEnv(source);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) expect(parsed.error.split("; ").map((line) => line.split(":")[0])).toEqual(names);
});
