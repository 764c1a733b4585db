import type { ComponentProps, MouseEvent, Ref } from "react";
import { Button, buttonClass } from "@/components/ui/button";
import { fieldClass } from "@/components/ui/field";
import { LONGEST } from "@/lib/prediction/columns";
import { SAMPLES, type Sample, table } from "@/tables/current";

/** The form's id, for fields that stand outside of it. */
export const FORM_ID = "case";

/** The head of the page: what the case is called, training cases to fill the form with, and the way to paste one. */
export function CaseHead({
  title,
  caseCode,
  codeRef,
  onCode,
  onCodeKey,
  filledWith,
  isTruthHidden,
  onSample,
  onPaste,
  measure,
}: {
  title: string;
  caseCode: string;
  codeRef: Ref<HTMLInputElement>;
  onCode: () => void;
  onCodeKey: ComponentProps<"input">["onKeyDown"];
  /** The sample whose values stand in the form. */
  filledWith: string | null;
  /** Whether samples are called by their rows alone, since somebody is to guess what they are. */
  isTruthHidden: boolean;
  onSample: (sample: Sample) => void;
  onPaste: () => void;
  /** What the page is called that measures an image; null where there is none. */
  measure: string | null;
}) {
  const instead = (act: () => void) => (event: MouseEvent) => {
    event.preventDefault();
    act();
  };
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
      <h1 className="font-semibold text-title tracking-tight max-xl:basis-full">{title}</h1>
      <div className="grid gap-1 max-sm:basis-full">
        <label htmlFor="case-code" className="font-medium text-ink-2 text-xs">
          Case code, nothing that names a {table.nouns.person}
        </label>
        <input
          ref={codeRef}
          id="case-code"
          name="caseCode"
          form={FORM_ID}
          defaultValue={caseCode}
          maxLength={LONGEST.case_code}
          autoComplete="off"
          spellCheck={false}
          placeholder="such as B-201"
          // biome-ignore lint/a11y/noAutofocus: The page is for one thing, which begins here.
          autoFocus
          onChange={onCode}
          onKeyDown={onCodeKey}
          className={`${fieldClass} sm:w-62`}
        />
      </div>
      {/* Without JavaScript it asks for a filled page. */}
      <form
        method="get"
        action="/"
        aria-labelledby="samples"
        className="grid min-w-0 gap-1 max-sm:basis-full"
      >
        <span id="samples" className="font-medium text-ink-2 text-xs">
          Fill with a training case
        </span>
        <span className="flex [&>button+button]:-ml-px [&>button:first-child]:rounded-l-field [&>button:last-child]:rounded-r-field">
          {SAMPLES.map((sample) => (
            <button
              key={sample.key}
              type="submit"
              name="sample"
              value={sample.key}
              aria-pressed={filledWith === sample.key}
              title={sampleMessage(sample, isTruthHidden)}
              onClick={instead(() => onSample(sample))}
              className="min-h-control min-w-0 border border-ink-3 bg-surface px-3 font-medium hover:z-1 hover:border-ink focus-visible:z-1 aria-pressed:border-ink aria-pressed:forced-color-adjust-none aria-pressed:bg-ink aria-pressed:text-on-ink max-sm:flex-auto max-sm:px-1.5 max-sm:text-sm"
            >
              {isTruthHidden ? `Row ${sample.row}` : sample.label}
            </button>
          ))}
        </span>
      </form>
      <div className="flex flex-wrap gap-2 sm:ml-auto">
        <Button onClick={onPaste} className="needs-script">
          Paste…
        </Button>
        <a href="/batch" className={buttonClass()}>
          Import a file
        </a>
        {measure !== null && (
          <a href="/measure" className={buttonClass()}>
            {measure}
          </a>
        )}
      </div>
    </div>
  );
}

/** Which case a sample is, with its truth unless that is hidden. */
export const sampleMessage = ({ row, about }: Sample, isTruthHidden: boolean) =>
  isTruthHidden ? `Row ${row} of the training data.` : `Row ${row} of the training data: ${about}.`;
