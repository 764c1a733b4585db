import "server-only";
import { fail, ok, type Result } from "@/lib/result";
import { CURVE_POINTS, type WhatIf, type WhatIfQuestion } from "@/lib/review/review";
import { inference } from "@/lib/server/inference/inference";
import { sweep } from "@/model/what-if";

/** Asks the model in use for the values as they are and for the curves of one of them, in one request. */
export async function askWhatIf({
  values,
  index,
  saved,
}: WhatIfQuestion): Promise<Result<WhatIf, { message: string }>> {
  const at = (row: readonly number[]) => row[index] as number;
  // Where a curve is steep, a line past these two would be off by more than the uncertain band is wide.
  const along = (row: readonly number[]) => sweep(row, index, CURVE_POINTS, [at(saved), at(values)]);
  const rows = along(values);
  const isSame = saved.every((value, other) => other === index || value === values[other]);
  const answer = await inference().predict([values, ...rows, ...(isSame ? [] : along(saved))]);
  if (!answer.ok) {
    const { what, advice } = answer.error;
    return fail({ message: `${what} The saved prediction stays as it is. ${advice}` });
  }
  const [present, ...points] = answer.value.predictions;
  if (present === undefined) throw new Error("inference answered without the first of the rows sent");
  const { diagnosis, label, probability } = present;
  const curve = points.map((point, i) => ({
    value: at(rows[i % rows.length] as number[]),
    probability: point.probability,
  }));
  return ok({
    diagnosis,
    label,
    probability,
    curve: curve.slice(0, rows.length),
    savedCurve: isSame ? null : curve.slice(rows.length),
  });
}
