import "server-only";
import type { Prediction, SavedPrediction } from "@/lib/contract";
import { fail, ok, type Result } from "@/lib/result";
import { isSameValue } from "@/lib/review/curve";
import type { CurvePoint, WhatIf, WhatIfQuestion } from "@/lib/review/review";
import { requireRight } from "@/lib/server/access/actor";
import { inference } from "@/lib/server/inference/inference";
import { INSTALLED } from "@/lib/server/model/installed";
import { assess } from "@/model/assess";
import { createPredictor } from "@/model/predict";
import { isLogSpaced, sweep } from "@/model/what-if";
import { FEATURES } from "@/tables/current";
import { trainingValues } from "./review";

/** Values of the training range on a curve: the handle rests on one in two, a hundredth of the range apart. */
const CURVE_POINTS = 201;

type Answered = Pick<Prediction, "diagnosis" | "label" | "probability">;

/** Asks the model in use for the values as they are and for the curves of one of them, in one request. */
export async function askWhatIf(question: WhatIfQuestion): Promise<Result<WhatIf, { message: string }>> {
  requireRight("read");
  const answer = await inference().predict(rowsOf(question));
  if (!answer.ok) {
    const { what, advice } = answer.error;
    return fail({ message: `${what} The saved prediction stays as it is. ${advice}` });
  }
  return ok(readAnswers(question, answer.value.predictions));
}

const predictor = createPredictor(INSTALLED);

/**
 * The same of the model that is installed, without asking anything, for the page as it is first shown; null where another
 * model made the prediction.
 */
export function knownWhatIf(
  question: WhatIfQuestion,
  { modelHash }: Pick<SavedPrediction, "modelHash">,
): WhatIf | null {
  if (modelHash !== INSTALLED.hash) return null;
  const answers = rowsOf(question).map((row) => {
    const prediction = predictor.predict(row);
    return { ...prediction, label: assess(INSTALLED, row, prediction).label };
  });
  return readAnswers(question, answers);
}

const isSame = ({ values, index, saved }: WhatIfQuestion) =>
  saved.every((value, other) => other === index || isSameValue(value, values[other]));

/** The values as they are, then along the one measurement with the other values tried and, where they differ, with those saved. */
function rowsOf(question: WhatIfQuestion): number[][] {
  const { values, index, saved } = question;
  // Where a curve is steep, a line past these two would be off by more than the uncertain band is wide.
  const ends = [saved[index] as number, values[index] as number];
  const along = (row: readonly number[]) => rowsAlong(row, index, ends);
  return [values, ...along(values), ...(isSame(question) ? [] : along(saved))];
}

/** Copies of a case along one column: of a number through its range, else of each level; last of what is not known. */
function rowsAlong(row: readonly number[], index: number, ends: readonly number[]): number[][] {
  const feature = FEATURES[index];
  const known = ends.filter((end) => !Number.isNaN(end));
  const rows =
    feature === undefined || feature.type === "number"
      ? sweep(row, index, CURVE_POINTS, known)
      : feature.levels.map((_, place) => row.with(index, place));
  return feature?.mayMiss ? [...rows, row.with(index, Number.NaN)] : rows;
}

function readAnswers(question: WhatIfQuestion, answers: readonly Answered[]): WhatIf {
  const [present, ...along] = answers;
  if (present === undefined) throw new Error("inference answered without the first of the rows sent");
  const rows = rowsOf(question).slice(1);
  const points = along.map(
    (point, i): CurvePoint => [rows[i]?.[question.index] as number, point.probability, answerOf(point)],
  );
  const length = isSame(question) ? points.length : points.length / 2;
  return {
    probability: present.probability,
    answer: answerOf(present),
    isLog: isLogSpaced(question.index),
    curve: points.slice(0, length),
    savedCurve: length === points.length ? null : points.slice(length),
    training: {
      positive: trainingValues(question.index, 1).filter((value) => !Number.isNaN(value)),
      negative: trainingValues(question.index, 0).filter((value) => !Number.isNaN(value)),
    },
  };
}

const answerOf = ({ label, diagnosis }: Answered) => label ?? diagnosis;
