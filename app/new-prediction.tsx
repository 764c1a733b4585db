import { predict, predictPosted, tryValues } from "@/app/actions";
import { MeasurementForm } from "@/components/predict/measurement-form";
import { Notice } from "@/components/ui/notice";
import { byKey, type MeasurementTexts } from "@/lib/predict/measurements";
import { site } from "@/tables/current";

const EMPTY = byKey(() => "");

/** The page of the form, empty or filled; `problem` says why it is empty where it should not be. */
export function NewPrediction({
  formKey,
  texts = EMPTY,
  problem,
}: {
  formKey?: string;
  texts?: MeasurementTexts;
  problem?: string;
}) {
  return (
    <>
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <h1 className="font-semibold text-title tracking-tight">New prediction</h1>
        <p className="text-ink-2 text-sm">{site.lead}</p>
      </div>
      {problem !== undefined && <Notice kind="caution" role="status" title={problem} />}
      <div className="@container">
        <MeasurementForm
          // Another start is another form: without a key the old one would keep its values.
          key={Object.values(texts).join()}
          formKey={formKey}
          initialTexts={texts}
          predict={predict}
          predictPosted={predictPosted}
          tryValues={tryValues}
        />
      </div>
    </>
  );
}
