import { expect, it } from "vitest";
import { commandFor } from "./by-program";

it("signs a request where the application does", () => {
  const path = {
    backend: "https",
    address: "https://x.example/prod/predict",
    region: "eu-central-1",
  } as const;
  expect(commandFor({ ...path, signed: true })).toBe(
    "curl \\\n  --aws-sigv4 aws:amz:eu-central-1:execute-api \\\n  --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \\\n  -H 'content-type: application/json' -d @case.json \\\n  https://x.example/prod/predict",
  );
  expect(commandFor({ ...path, signed: false })).not.toContain("sigv4");
  expect(commandFor({ ...path, signed: false, hasKey: true })).toContain("x-api-key: $MODEL_API_KEY");
});

it("asks a server of the Open Inference Protocol as any address", () => {
  expect(
    commandFor({
      backend: "oip",
      address: "https://x.example/v2/models/cells/infer",
      region: null,
      signed: false,
      hasKey: true,
    }),
  ).toBe(
    "curl \\\n  -H \"x-api-key: $MODEL_API_KEY\" \\\n  -H 'content-type: application/json' -d @case.json \\\n  https://x.example/v2/models/cells/infer",
  );
});

it("asks an endpoint by its name, and no process but this one for the model in it", () => {
  expect(commandFor({ backend: "sagemaker", address: "cells", region: "eu-west-1", signed: true })).toContain(
    "--region eu-west-1 --endpoint-name cells",
  );
  expect(commandFor({ backend: "embedded", address: "", region: null, signed: false })).toBeNull();
});
