import { describe, expect, it, vi } from "vitest";
import golden from "@/tables/wdbc/golden.json";
import { createInference } from "./inference";

vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

describe("the embedded backend", () => {
  const embedded = createInference({ target: { kind: "embedded" }, timeoutMs: 30_000 });

  it("repeats the golden vectors to the last bit of JSON", async () => {
    const rows = golden.cases.map(({ csv }) => csv.split(",").map(Number));
    const answer = await embedded.predict(rows, { requestId: "golden" });
    expect(answer).toMatchObject({
      ok: true,
      value: { backend: "embedded", model: golden.model, requestId: "golden" },
    });
    if (!answer.ok) return;
    expect(
      answer.value.predictions.map(({ diagnosis, probability }) => ({ diagnosis, probability })),
    ).toEqual(golden.cases.map(({ diagnosis, probability }) => ({ diagnosis, probability })));
    expect(answer.value.predictions[0]?.contributions).toHaveLength(30);
  });

  it("describes itself before it is asked, and is healthy", async () => {
    expect(embedded.describe()).toMatchObject({
      backend: "embedded",
      model: golden.model,
      circuit: "closed",
    });
    expect(await embedded.health()).toMatchObject({ ok: true });
  });

  it.each([
    ["a missing value", [[1, 2]]],
    ["not a number", [Array(30).fill(Number.NaN)]],
    ["a negative value", [Array(30).fill(-1)]],
    ["no row", []],
  ])("refuses %s", async (_, rows) => {
    expect(await embedded.predict(rows)).toMatchObject({
      ok: false,
      error: { code: "bad_request", retryable: false },
    });
  });
});
