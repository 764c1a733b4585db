import "server-only";
import { identityOf, type ModelIdentity, type Prediction } from "@/lib/contract";
import { predictRows } from "@/lib/server/inference/predict-rows";
import { CAUTIONS } from "@/tables/current";
import { type AnswerMany, CLASSES, LABELS, type ManyAnswers, NOT_TOLD, oneAtATime } from "./many-answers";

export const ANOTHER_MODEL =
  "Another model answers now than at the beginning. Start a new batch, so that one model answers all rows.";

/** Codes of cautions that fit into the bits of a row, besides NOT_TOLD. */
const MOST_CODES = 31;

/** The bit of each caution's code, the same in all answers of a batch. */
export function cautionBits() {
  const codes: string[] = [...CAUTIONS];
  const bitOf = (code: string) => {
    if (!codes.includes(code) && codes.length < MOST_CODES) codes.push(code);
    return codes.includes(code) ? (1 << codes.indexOf(code)) >>> 0 : 0;
  };
  return { codes, bitOf };
}

/** The model that MODEL_URL names, asked over the network. */
export function remoteModel(signal: AbortSignal, first: ModelIdentity | null): AnswerMany {
  const { codes, bitOf } = cautionBits();
  let model = first;
  return oneAtATime(async (values, rows) => {
    const answers = emptyAnswers(rows);
    let answered = 0;
    let problem: string | null = null;
    try {
      for await (const some of predictRows(values, { signal })) {
        if (!some.ok) {
          problem = `${some.error.what} ${some.error.advice}`;
          break;
        }
        if (model !== null && identityOf(model) !== identityOf(some.value.model)) {
          problem = ANOTHER_MODEL;
          break;
        }
        model = some.value.model;
        for (const prediction of some.value.predictions) writeAnswer(answers, answered++, prediction, bitOf);
      }
    } catch (error) {
      // It was asked to end: what is answered until then is kept.
      if (!signal.aborted) throw error;
    }
    return {
      ...answers,
      cautionCodes: codes,
      model,
      stopped: answered === rows ? null : { answered, problem },
    };
  });
}

export const emptyAnswers = (rows: number) => ({
  probabilities: new Float64Array(rows),
  labels: new Uint8Array(rows),
  diagnoses: new Uint8Array(rows),
  cautions: new Uint32Array(rows),
});

export function writeAnswer(
  {
    probabilities,
    labels,
    diagnoses,
    cautions,
  }: Pick<ManyAnswers, "probabilities" | "labels" | "diagnoses" | "cautions">,
  row: number,
  prediction: Pick<Prediction, "probability" | "label" | "diagnosis" | "cautions">,
  bitOf: (code: string) => number,
): void {
  probabilities[row] = prediction.probability;
  labels[row] = prediction.label === null ? NOT_TOLD.label : LABELS.indexOf(prediction.label);
  diagnoses[row] = CLASSES.indexOf(prediction.diagnosis);
  cautions[row] =
    prediction.cautions === null
      ? NOT_TOLD.cautions
      : prediction.cautions.reduce((bits, code) => (bits | bitOf(code)) >>> 0, 0);
}
