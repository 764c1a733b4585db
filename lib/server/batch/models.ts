import "server-only";
import { identityOf, type ModelIdentity, type Prediction } from "@/lib/contract";
import { predictRows } from "@/lib/server/inference/predict-rows";
import { INSTALLED } from "@/lib/server/model/installed";
import { createAssessor } from "@/model/assess-many";
import { createPredictor } from "@/model/predict";
import { CAUTIONS } from "@/tables/current";
import { type AnswerMany, CLASSES, LABELS, type ManyAnswers, NOT_TOLD } from "./answer";

export const ANOTHER_MODEL =
  "Another model answers now than at the beginning. Start a new batch, so that one model answers all rows.";

/** The model that is installed here: millions of rows, each in a few microseconds. */
export function embeddedModel(): AnswerMany {
  const assess = createAssessor(INSTALLED);
  const model = installedModel();
  const { threshold } = model;
  let diagnoses = new Uint8Array(0);
  return (values, rows) => {
    const { probabilities, labels, cautions } = assess(values);
    if (diagnoses.length < rows) diagnoses = new Uint8Array(rows);
    for (let i = 0; i < rows; i++) {
      diagnoses[i] = (probabilities[i] as number) >= threshold ? 0 : 1;
    }
    return { probabilities, labels, diagnoses, cautions, cautionCodes: CAUTIONS, model, stopped: null };
  };
}

export function installedModel(): ModelIdentity & { threshold: number } {
  const { identity, uncertainBand } = createPredictor(INSTALLED);
  return { ...identity, uncertain: uncertainBand };
}

/** Codes of cautions that fit into the bits of a row, besides NOT_TOLD. */
const MOST_CODES = 31;

/** The model that MODEL_URL names, asked over the network. */
export function remoteModel(signal: AbortSignal, first: ModelIdentity | null): AnswerMany {
  const codes: string[] = [...CAUTIONS];
  const bitOf = (code: string) => {
    if (!codes.includes(code) && codes.length < MOST_CODES) codes.push(code);
    return codes.includes(code) ? (1 << codes.indexOf(code)) >>> 0 : 0;
  };
  let model = first;
  return async (values, rows) => {
    const answers = emptyAnswers(rows);
    let answered = 0;
    let problem: string | null = null;
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
      for (const prediction of some.value.predictions) write(answers, answered++, prediction, bitOf);
    }
    if (model === null) {
      if (problem === null) throw new Error("the model answered no row and told no problem");
      model = NO_MODEL;
    }
    return {
      ...answers,
      cautionCodes: codes,
      model,
      stopped: problem === null ? null : { answered, problem },
    };
  };
}

/** Of a batch whose first row has no answer. */
const NO_MODEL: ModelIdentity = { name: "?", version: "?", hash: null, threshold: null, uncertain: null };

const emptyAnswers = (rows: number) => ({
  probabilities: new Float64Array(rows),
  labels: new Uint8Array(rows),
  diagnoses: new Uint8Array(rows),
  cautions: new Uint32Array(rows),
});

function write(
  {
    probabilities,
    labels,
    diagnoses,
    cautions,
  }: Pick<ManyAnswers, "probabilities" | "labels" | "diagnoses" | "cautions">,
  row: number,
  prediction: Prediction,
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
