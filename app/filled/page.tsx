import type { Metadata } from "next";
import { v4 as uuidv4 } from "uuid";
import { NewPrediction } from "@/app/new-prediction";
import { type MeasurementTexts, textsOf } from "@/lib/predict/measurements";
import { may } from "@/lib/server/access/actor";
import { findPrediction } from "@/lib/server/prediction/predictions";
import { SAMPLES } from "@/tables/current";

export const metadata: Metadata = { title: "New prediction" };

type SearchParams = Record<string, string | string[] | undefined>;
type Start = { texts?: MeasurementTexts; problem?: string };

/** The front page with values in its form: next.config.js answers /?sample=… and /?from=… with it. */
export default async function FilledPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { sample, from } = await searchParams;
  return <NewPrediction formKey={uuidv4()} mayPredict={may("predict")} {...(await start(sample, from))} />;
}

/** What the form starts with: a sample, a saved prediction's values, or nothing. */
async function start(sample: SearchParams[string], from: SearchParams[string]): Promise<Start> {
  if (sample !== undefined) {
    const found = SAMPLES.find(({ key }) => key === sample);
    return found === undefined
      ? { problem: "There is no such sample, so the form is empty." }
      : { texts: textsOf(found.values) };
  }
  if (from !== undefined) {
    const found = typeof from === "string" ? await findPrediction(from) : null;
    return found?.ok !== true || found.value === null
      ? { problem: "The prediction to take the values from was not found, so the form is empty." }
      : { texts: textsOf(found.value.values) };
  }
  return {};
}
