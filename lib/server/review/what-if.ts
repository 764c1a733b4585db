import "server-only";
import { fail, ok, type Result } from "@/lib/result";
import { CURVE_POINTS, type WhatIf, type WhatIfQuestion } from "@/lib/review/review";
import { inference } from "@/lib/server/inference/inference";
import { sweep } from "@/model/what-if";

/** Asks the model in use for the values as they are and for the curve of one of them, in one request. */
export async function askWhatIf({
  values,
  index,
  saved,
}: WhatIfQuestion): Promise<Result<WhatIf, { message: string }>> {
  // Where the curve is steep, a line past these two would be off by more than the uncertain band is wide.
  const rows = sweep(values, index, CURVE_POINTS, [saved, values[index] ?? saved]);
  const answer = await inference().predict([values, ...rows]);
  if (!answer.ok) {
    const { what, advice } = answer.error;
    return fail({ message: `${what} The saved prediction stays as it is. ${advice}` });
  }
  const [present, ...along] = answer.value.predictions;
  if (present === undefined) throw new Error("inference answered without the first of the rows sent");
  const { diagnosis, label, probability } = present;
  const curve = along.map((point, i) => ({
    value: (rows[i] as number[])[index] as number,
    probability: point.probability,
  }));
  return ok({ diagnosis, label, probability, curve });
}
