import "server-only";
import { setTimeout as pause } from "node:timers/promises";
import { MAX_INSTANCES, type ModelIdentity, type Prediction } from "@/lib/contract";
import { fail, ok, type Result } from "@/lib/result";
import { FEATURES } from "@/tables/current";
import type { InferenceError, Reason } from "./failure";
import { type Inference, inference } from "./inference";

/** Rows in the table's order: a number[] each, or all of them one after another in one array. */
export type Rows = Float64Array | readonly (readonly number[])[];

/** The predictions of the rows from `first` (counted from 0) on, in order. */
export type RowsAnswer = { first: number; predictions: Prediction[]; model: ModelIdentity };

/** Why the row after the first `answered` ones has no answer. */
export type RowsError = InferenceError & { answered: number };

export type PredictRowsOptions = {
  signal?: AbortSignal;
  /** Requests under way at a time. */
  atOnce?: number;
  model?: Pick<Inference, "predict">;
};

/** How often a request is tried, two attempts each time: with the pauses between them, about a minute. */
const MOST_TRIES = 8;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A service that wants to be left alone for longer ends the run; its rows can be asked for another time. */
const LONGEST_WAIT_MS = 120_000;

/** What some rows of a request may cause and others not: of these, the request is sent again in halves. */
const SPLITS = new Set<Reason>(["refused_values", "model_contract", "too_large"]);

/**
 * Predicts any number of rows, in requests of at most MAX_INSTANCES (which keeps them and their answers within the limits of
 * every gateway on the path). Yields answers in the rows' order, and as the last one an error where a row has none. Waits and
 * tries again where the service says that it is busy. Throws the signal's reason once it is aborted, and leaves requests
 * that are under way to their own time limit; a RangeError where a Float64Array is not whole rows.
 */
export async function* predictRows(
  rows: Rows,
  { signal, atOnce = 4, model = inference() }: PredictRowsOptions = {},
): AsyncGenerator<Result<RowsAnswer, RowsError>, void, undefined> {
  const width = FEATURES.length;
  const count = rows instanceof Float64Array ? rows.length / width : rows.length;
  if (!Number.isInteger(count)) throw new RangeError(`${rows.length} numbers are not rows of ${width}`);
  const left = new AbortController();
  const ended = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);

  const slice = (first: number, end: number) =>
    rows instanceof Float64Array
      ? Array.from({ length: end - first }, (_, index) =>
          Array.from(rows.subarray((first + index) * width, (first + index + 1) * width)),
        )
      : rows.slice(first, end);

  /** Answers and, where one has none, the error of the first such row. */
  async function ask(first: number, end: number): Promise<Result<RowsAnswer, RowsError>[]> {
    const answer = await askUntilAnswered(model, slice(first, end), ended);
    if (answer.ok) {
      return [ok({ first, predictions: answer.value.predictions, model: answer.value.model })];
    }
    if (end - first === 1 || !SPLITS.has(answer.error.reason)) {
      return [fail({ ...answer.error, answered: first })];
    }
    const middle = Math.floor((first + end) / 2);
    const before = await ask(first, middle);
    return before.at(-1)?.ok === false ? before : [...before, ...(await ask(middle, end))];
  }

  const underWay: Promise<Result<RowsAnswer, RowsError>[]>[] = [];
  try {
    for (let next = 0; next < count || underWay.length > 0; ) {
      signal?.throwIfAborted();
      for (; next < count && underWay.length < atOnce; next += MAX_INSTANCES) {
        const asked = ask(next, Math.min(next + MAX_INSTANCES, count));
        // Nobody waits for what is left when another row ends the run.
        asked.catch(() => {});
        underWay.push(asked);
      }
      for (const answer of (await orAborted(underWay.shift(), signal)) ?? []) {
        yield answer;
        if (!answer.ok) return;
      }
    }
  } finally {
    left.abort();
  }
}

async function askUntilAnswered(
  model: Pick<Inference, "predict">,
  instances: readonly (readonly number[])[],
  signal: AbortSignal,
): ReturnType<Inference["predict"]> {
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    const answer = await model.predict(instances);
    if (answer.ok || !answer.error.retryable || tries === MOST_TRIES) return answer;
    const asked = answer.error.retryAfterMs ?? 0;
    if (asked > LONGEST_WAIT_MS) return answer;
    const backOff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
    // Requests that were refused together do not come back together.
    await pause(asked + backOff * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/** Not Promise.race, which would keep every answer for as long as the signal lives. */
function orAborted<T>(promise: Promise<T> | undefined, signal: AbortSignal | undefined) {
  return new Promise<T | undefined>((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener("abort", stop));
  });
}
