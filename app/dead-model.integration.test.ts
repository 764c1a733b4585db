import { afterAll, expect, it, vi } from "vitest";
import { textsOf } from "@/lib/predict/measurements";
import { SAMPLES } from "@/tables/current";
import { createThrowawayDatabase } from "@/test/throwaway";

vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
process.env.MODEL_URL = "http://127.0.0.1:9/";
const { database } = await import("@/lib/server/database/db");
const { predict } = await import("./actions");
const { explore } = await import("./history/[id]/actions");
const { rescore } = await import("@/lib/server/review/rescoring");
const { testPath } = await import("@/lib/server/path/test-path");

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
});

const [{ values }] = SAMPLES;
const WHAT = "The model service cannot be reached.";
const ADVICE =
  "Try again in a moment, or ask your administrator to check that it runs and that MODEL_URL is right.";

it("the form says that nothing was saved and that its values are still there", async () => {
  expect(await predict({ key: crypto.randomUUID(), values: textsOf(values) })).toMatchObject({
    ok: false,
    error: {
      code: "model_unavailable",
      message: `${WHAT} Nothing was saved; your values are still in the form. ${ADVICE}`,
    },
  });
});

it("what-if, re-scoring and the test of the path speak of no form", async () => {
  const asked = await explore({ values, index: 0, saved: values });
  expect(asked).toEqual({
    ok: false,
    error: { message: `${WHAT} The saved prediction stays as it is. ${ADVICE}` },
  });
  // By now the circuit is open, so that the sentences are others.
  const [what, advice] = [/The model service failed [^.]*\./, /Try again after that, [^.]*\./];
  expect(await rescore([])).toMatchObject({
    error: {
      message: expect.stringMatching(`^${what.source} Nothing was stored or changed\\. ${advice.source}$`),
    },
  });
  expect(await testPath()).toMatchObject({
    ok: false,
    message: expect.stringMatching(`^${what.source} ${advice.source}$`),
  });
});
