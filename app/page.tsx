import type { Metadata } from "next";
import { v4 as uuidv4 } from "uuid";
import { predict, predictPosted } from "@/app/actions";
import { MeasurementForm } from "@/components/predict/measurement-form";
import { Notice } from "@/components/ui/notice";
import { byKey, type MeasurementTexts, textsOf } from "@/lib/predict/measurements";
import { findPrediction } from "@/lib/server/prediction/predictions";
import { SAMPLES, site } from "@/tables/current";

export const metadata: Metadata = { title: "New prediction" };

type SearchParams = Record<string, string | string[] | undefined>;
type Start = { texts: MeasurementTexts; problem?: string };

export default async function NewPredictionPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { sample, from } = await searchParams;
  const { texts, problem } = await start(sample, from);
  return (
    <>
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <h1 className="font-semibold text-lg">New prediction</h1>
        <p className="text-ink-muted text-sm">{site.lead}</p>
      </div>
      {problem !== undefined && <Notice kind="warning" role="status" title={problem} />}
      <div className="@container">
        <MeasurementForm
          // Another start is another form: without a key the old one would keep its values.
          key={`${sample} ${from}`}
          formKey={uuidv4()}
          initialTexts={texts}
          predict={predict}
          predictPosted={predictPosted}
        />
      </div>
    </>
  );
}

/** What the form starts with: a sample, a saved prediction's values, or nothing. */
async function start(sample: SearchParams[string], from: SearchParams[string]): Promise<Start> {
  const empty = byKey(() => "");
  if (sample !== undefined) {
    const found = SAMPLES.find(({ key }) => key === sample);
    return found === undefined
      ? { texts: empty, problem: "There is no such sample, so the form is empty." }
      : { texts: textsOf(found.values) };
  }
  if (from !== undefined) {
    const found = typeof from === "string" ? await findPrediction(from) : null;
    return found?.ok !== true || found.value === null
      ? {
          texts: empty,
          problem: "The prediction to take the values from was not found, so the form is empty.",
        }
      : { texts: textsOf(found.value.values) };
  }
  return { texts: empty };
}
