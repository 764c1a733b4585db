import { expect, it } from "vitest";

Object.assign(process.env, {
  BATCH_URL: "s3://cases/of/batches",
  BATCH_CACHE: "./data/copies",
  BATCH_ENGINE: "sagemaker",
  BATCH_MODEL_NAME: "model",
  AWS_REGION: "eu-central-1",
});
const { HOME, runForTeam } = await import("@/lib/server/access/actor");
const { batchPlace } = await import("./store");
const { transformTarget } = await import("./transform-target");

it("is a prefix of a bucket and a folder of copies for each team, and as it always was for the first", () => {
  expect(batchPlace()).toEqual({
    ...{ kind: "bucket", bucket: "cases", prefix: "of/batches/", cache: "./data/copies" },
  });
  expect(runForTeam(HOME, batchPlace)).toEqual(batchPlace());
  expect(runForTeam("north", batchPlace)).toEqual({
    ...{
      kind: "bucket",
      bucket: "cases",
      prefix: "of/batches/teams/north/",
      cache: "data/copies/teams/north",
    },
  });
  expect(runForTeam("north", transformTarget)?.place).toBe("s3://cases/of/batches/teams/north/");
});
