import Ajv from "ajv-draft-04";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { predictRequest, writeWireVector } from "../../lib/contract";
import { anyCase, FEATURES } from "../../test/mixed-table";
import { predictRequestModel } from "./api-contract";

vi.mock("@/tables/current", () => import("@/test/mixed-table"));

const model = predictRequestModel();
const isPredictRequest = new Ajv().compile(model);
const bodyOf = (features: readonly unknown[]) => JSON.parse(JSON.stringify({ instances: [{ features }] }));

it("lets any case of a table with columns of every type through at the gateway", () => {
  fc.assert(
    fc.property(anyCase, (values) => {
      const body = bodyOf(writeWireVector(values));
      expect(predictRequest.safeParse(body).success).toBe(true);
      expect(isPredictRequest(body), JSON.stringify(body)).toBe(true);
    }),
  );
});

it("refuses at each place what its column cannot be, as the Lambda does", () => {
  const values = [5, -2.5, 1, 0, 1, 1, 40];
  const wire = writeWireVector(values);
  for (const { index, key, type, mayMiss } of FEATURES) {
    const others = { number: ["1", true], category: [0, true, "other"], "yes-no": ["yes", 1] }[type];
    for (const wrong of [...others, [], {}, ...(mayMiss ? [] : [null])]) {
      const body = bodyOf([...wire].with(index, wrong as never));
      expect(predictRequest.safeParse(body).success, `${key} ${JSON.stringify(wrong)}`).toBe(false);
      expect(isPredictRequest(body), `${key} ${JSON.stringify(wrong)}`).toBe(false);
    }
  }
  for (const features of [wire.slice(1), [...wire, 1], []])
    expect(isPredictRequest(bodyOf(features))).toBe(false);
});

it("keeps to draft 4, the only one API Gateway reads", () => {
  for (const word of ["$ref", "$defs", "const", "prefixItems", "exclusiveMinimum"]) {
    expect(JSON.stringify(model)).not.toContain(`"${word}"`);
  }
});
