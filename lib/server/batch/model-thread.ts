import "server-only";
import { parentPort } from "node:worker_threads";
import { embeddedModel } from "./installed-model";

/** The thread in which the installed model answers, beside the one that reads and writes. */

export type ThreadJob = { values: Float64Array; rows: number };

const answer = embeddedModel();

parentPort?.on("message", async ({ values, rows }: ThreadJob) => {
  parentPort?.postMessage(await answer(values, rows));
});
