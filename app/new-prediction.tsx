import { predict, predictPosted, tryValues } from "@/app/actions";
import { MeasurementForm } from "@/components/predict/measurement-form";
import { buttonClass } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { NOT_ALLOWED } from "@/lib/not-allowed";
import { byKey, type MeasurementTexts } from "@/lib/predict/measurements";
import { FORM_DISTRIBUTIONS } from "@/lib/server/model/form-distributions";
import { MODEL_CARD } from "@/lib/server/model/model-card";
import { about, FEATURES, measuring, SAMPLES, site, table } from "@/tables/current";

const EMPTY = byKey(() => "");

/**
 * The page of the form, empty or filled; `problem` says why it is empty where it should not be. Who may only look is told so
 * in its place: the page that is made at build time is for others.
 */
export function NewPrediction({
  formKey,
  texts = EMPTY,
  problem,
  mayPredict = true,
}: {
  formKey?: string;
  texts?: MeasurementTexts;
  problem?: string;
  mayPredict?: boolean;
}) {
  if (!mayPredict) {
    return (
      <Page title="New prediction">
        <Notice kind="caution" title={NOT_ALLOWED.predict}>
          <p>
            On the page of a prediction in the{" "}
            <a href="/history" className="underline underline-offset-4">
              history
            </a>{" "}
            you can try what other values would change.
          </p>
        </Notice>
      </Page>
    );
  }
  return (
    <>
      {problem !== undefined && <Notice kind="caution" role="status" title={problem} />}
      <MeasurementForm
        // Another start is another form: without a key the old one would keep its values.
        key={Object.values(texts).join()}
        title="New prediction"
        formKey={formKey}
        initialTexts={texts}
        distributions={FORM_DISTRIBUTIONS}
        measure={measuring?.title ?? null}
        before={<Welcome />}
        predict={predict}
        predictPosted={predictPosted}
        tryValues={tryValues}
      />
    </>
  );
}

/** What the application is, to who has not used it yet; later, where the answer will be. Which of them, the style sheet decides. */
function Welcome() {
  const { truePositive, falseNegative, falsePositive, trueNegative } = MODEL_CARD.confusion;
  const { title, text, measured } = site.welcome;
  return (
    <div className="rounded-card border border-line bg-surface px-4 py-5 sm:px-6">
      <div className="grid gap-3 text-base in-data-seen:hidden">
        <h2 className="font-semibold text-xl">{title}</h2>
        {text.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <p>
          {measured(
            Math.round(truePositive),
            Math.round(truePositive + falseNegative),
            Math.round(falsePositive),
            Math.round(falsePositive + trueNegative),
          )}
        </p>
        <div className="flex flex-wrap gap-2 pt-1 text-sm">
          <a href={`/?sample=${SAMPLES[0].key}`} className={buttonClass("primary")}>
            Try an example
          </a>
          {about !== null && (
            <a href="/measurements" className={buttonClass()}>
              {site.welcome.about ?? `About the ${table.nouns.values}`}
            </a>
          )}
        </div>
      </div>
      <p className="hidden text-ink-2 in-data-seen:block">
        The answer appears here once all {FEATURES.length} values are in.
      </p>
    </div>
  );
}
