import { expect, it } from "vitest";
import { readerOf } from "@/aws/container/content";
import { type PredictRequest, writeWireVector } from "@/lib/contract";
import { createHandler } from "@/lib/inference/handler";
import { createInProcessEndpoint } from "@/lib/inference/in-process-endpoint";
import { readInferRequest, writeInferRequest } from "@/lib/inference/open-inference";
import { plainCells, readPlainCell } from "@/lib/inference/plain-cell";
import { readMeasurements } from "@/lib/predict/reader";
import { wireValue } from "@/lib/prediction/value";
import { embeddedModel } from "@/lib/server/batch/installed-model";
import { predictTable } from "@/scripts/predict-table";
import { FEATURE_KEYS, FEATURES } from "@/tables/current";
import { artifactJson, goldenJson as golden } from "@/tables/current-model";
import { createInference } from "./inference";

/** The golden vectors of whatever table there is, by every door that reads cases, bit for bit. */

const endpoint = createInProcessEndpoint(artifactJson);
const csv = golden.cases.map((one) => one.csv);
const cases = csv.map((line) =>
  plainCells(line).map((cell, at) => readPlainCell(FEATURES[at] ?? never(), cell) ?? never()),
);
const probabilities = golden.cases.map(({ probability }) => probability);
const diagnoses = golden.cases.map(({ diagnosis }) => diagnosis);

function never(): never {
  throw new Error("a golden vector is no case of this table");
}

const scores = (instances: PredictRequest["instances"] = []) =>
  endpoint.answer(instances).predictions.map(({ score }) => score);
const ofRows = (rows: readonly number[][] = []) => scores(rows.map((features) => ({ features })));
const instancesBody = JSON.stringify({
  instances: cases.map((values) => ({ features: writeWireVector(values) })),
});
const read = (type: string, body: string) => {
  const instances = readerOf(type)?.(body);
  return instances?.ok ? scores(instances.value) : instances;
};

const doors: Record<string, () => unknown> = {
  "this process": async () => {
    const answer = await createInference({ target: { kind: "embedded" }, timeoutMs: 30_000 }).predict(cases);
    return answer.ok ? answer.value.predictions.map(({ probability }) => probability) : answer;
  },
  "the Lambda": async () => {
    const { body } = await createHandler(endpoint, { report: () => {} })({ body: instancesBody });
    return JSON.parse(body).predictions.map(({ probability }: { probability: number }) => probability);
  },
  "the container's CSV": () => read("text/csv", csv.join("\n")),
  "the container's JSON": () => read("application/json", instancesBody),
  "the container's JSON by names": () => {
    const records = cases.map((values) =>
      Object.fromEntries(
        FEATURES.map((each) => [each.key, wireValue(each, values[each.index] ?? Number.NaN)]),
      ),
    );
    return read("application/json", JSON.stringify({ dataframe_records: records }));
  },
  "Open Inference": () => {
    const request = readInferRequest(JSON.parse(JSON.stringify(writeInferRequest(cases))));
    return request.ok ? ofRows(request.value.rows) : request;
  },
  "pasted rows": () => {
    const reading = readMeasurements(
      [FEATURE_KEYS.join("\t"), ...csv.map((line) => plainCells(line).join("\t"))].join("\n"),
    );
    return reading.kind === "read"
      ? ofRows(reading.way.cases.map((one) => (one.ok ? [...one.value] : never())))
      : reading;
  },
  "a batch": () => [...embeddedModel()(Float64Array.from(cases.flat())).probabilities],
  "the command line": async () => {
    async function* bytes() {
      yield Buffer.from([FEATURE_KEYS.join(","), ...csv].join("\n"));
    }
    const found: number[] = [];
    const report = (line: number, message: string) => expect.unreachable(`${line}: ${message}`);
    const model = createInference({ target: { kind: "embedded" }, timeoutMs: 30_000 });
    for await (const line of predictTable(bytes(), { json: true, report, model })) {
      found.push(JSON.parse(line).probability);
    }
    return found;
  },
};

it.each(Object.entries(doors))("the golden vectors come back by %s", async (_, answer) => {
  expect(await answer()).toEqual(probabilities);
});

it("and by the older contract's list", async () => {
  const handler = createHandler(endpoint, { report: () => {} });
  const event: unknown[] = csv.map((data) => ({ data }));
  expect(await Promise.all(event.map((one) => handler(one)))).toEqual(diagnoses);
});
