import { readFileSync } from "node:fs";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { createInProcessEndpoint } from "../../lib/inference/in-process-endpoint";
import { answerBody, type Limits, type Types } from "./answer-body";

/**
 * A thread of its own for long bodies: reading 100 MB, and writing what may be four times as much, are each one turn of
 * seconds, in which nothing else of the process would answer.
 */

type Data = { modelFile: string; limits: Pick<Limits, "maxAnswerMB" | "csvColumns"> };
type Asked = { id: number; types: Types; body: Uint8Array<ArrayBuffer> };
export type LongAnswer = { status: number; type: string; body: Uint8Array };
type Told = { id: number; answer: LongAnswer | null };

/** Answers long bodies in the thread that this starts with the first of them. Rejects where the model or the thread fails. */
export function createLongBodies(data: Data) {
  type Waiting = { resolve: (answer: LongAnswer) => void; reject: (error: Error) => void };
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let asked = 0;

  function start(): Worker {
    const started = new Worker(__filename, { workerData: data });
    started.unref();
    started.on("message", ({ id, answer }: Told) => {
      const one = waiting.get(id);
      waiting.delete(id);
      if (answer === null) one?.reject(new Error("the model failed"));
      else one?.resolve(answer);
    });
    // Such as one that had no memory left; the next body gets another.
    started.on("error", (error) => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
      worker = undefined;
    });
    return started;
  }

  return (types: Types, body: Buffer): Promise<LongAnswer> =>
    new Promise((resolve, reject) => {
      worker ??= start();
      asked += 1;
      waiting.set(asked, { resolve, reject });
      const moved = new Uint8Array(body);
      worker.postMessage({ id: asked, types, body: moved } satisfies Asked, [moved.buffer]);
    });
}

/** What the thread runs. */
export function answerLongBodies(): void {
  const { modelFile, limits }: Data = workerData;
  const endpoint = createInProcessEndpoint(JSON.parse(readFileSync(modelFile, "utf8")));
  parentPort?.on("message", ({ id, types, body }: Asked) => {
    const tell = (answer: Told["answer"], moved: ArrayBuffer[] = []) =>
      parentPort?.postMessage({ id, answer } satisfies Told, moved);
    try {
      const { body: text, ...rest } = answerBody(endpoint, limits, types, new TextDecoder().decode(body));
      const written = new TextEncoder().encode(text);
      tell({ ...rest, body: written }, [written.buffer]);
    } catch {
      // What was thrown may quote a measurement.
      tell(null);
    }
  });
}
