"use client";

import {
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  useActionState,
  useEffect,
  useRef,
  useState,
} from "react";
import { type FieldErrors, type Resolver, useForm } from "react-hook-form";
import type { AskTried } from "@/components/prediction/try-rescaled";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { type Refusal, refusalOf } from "@/components/ui/refusal";
import type { PredictOutcome, Typicality } from "@/lib/contract";
import {
  byKey,
  countWrongFields,
  findWarnings,
  isOneCell,
  type Measurements,
  type MeasurementTexts,
  parseTexts,
  readNumbers,
  textsOf,
} from "@/lib/predict/measurements";
import { type Reading, readMeasurements } from "@/lib/predict/reader";
import type { PostedForm } from "@/lib/predict/submitted-form";
import { FEATURE_KEYS, FEATURES, type FeatureKey, oneCase, SAMPLES, type Sample } from "@/tables/current";
import { type Draft, useDraft } from "./draft";
import { MeasurementGrid } from "./measurement-grid";
import { describeWay, PasteCard } from "./paste-card";
import { PredictionPanel } from "./prediction-panel";

type Props = {
  /**
   * Names this filled form, so that sending it twice saves one row. The page made at build time has none: the form then
   * names itself when it is sent.
   */
  formKey?: string;
  initialTexts: MeasurementTexts;
  predict: (input: { key: string; values: MeasurementTexts }) => Promise<PredictOutcome>;
  tryValues: AskTried;
  predictPosted: (state: PostedForm | null, data: FormData) => Promise<PostedForm>;
};

type Shown = { outcome: PredictOutcome | Refusal; texts: MeasurementTexts };

/** What last filled the grid at once, and what stood there before; `before` is null where nothing was lost. */
type Filled = { message: string; before: MeasurementTexts | null };

const EMPTY = byKey(() => "");
const sameTexts = (a: MeasurementTexts, b: MeasurementTexts) =>
  FEATURE_KEYS.every((key) => a[key] === b[key]);

/** Parses the texts for react-hook-form. */
const parse: Resolver<MeasurementTexts, unknown, Measurements> = (texts) => {
  const parsed = parseTexts(texts);
  if (parsed.ok) return { values: parsed.value, errors: {} };
  const errors: FieldErrors<MeasurementTexts> = {};
  for (const feature of FEATURE_KEYS) {
    const message = parsed.error[feature];
    if (message !== undefined) errors[feature] = { type: "custom", message };
  }
  return { values: {}, errors };
};

/** What the numbers filled in so far say of themselves. */
function check(texts: MeasurementTexts) {
  const numbers = readNumbers(texts);
  return { warnings: findWarnings(numbers), isOneCase: !oneCase.isImpossible(numbers) };
}

// randomUUID is missing where the page comes over plain HTTP from another machine.
const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );

/**
 * The form of the measurements with its quick-fill buttons, and the result: beside it where the container is wide enough
 * for both, else below.
 */
export function MeasurementForm({ formKey = "", initialTexts, predict, predictPosted, tryValues }: Props) {
  const [posted, postAction] = useActionState(predictPosted, null);
  const startTexts = posted?.texts ?? initialTexts;
  // No default values: the inputs carry them, so that what was typed before the script arrived is kept.
  const { register, handleSubmit, getValues, setValue, clearErrors, subscribe, formState } = useForm<
    MeasurementTexts,
    unknown,
    Measurements
  >({
    resolver: parse,
    mode: "onBlur",
    shouldFocusError: false,
  });
  const [key, setKey] = useState(posted?.key ?? formKey);
  const [shown, setShown] = useState<Shown | null>(posted);
  const [stale, setStale] = useState(false);
  const [pending, setPending] = useState(false);
  const [session, setSession] = useState<Typicality["scales"][]>([]);
  const [filled, setFilled] = useState<Filled | null>(null);
  const [pasted, setPasted] = useState<Reading | null>(null);
  const [{ warnings, isOneCase }, setChecked] = useState(() => check(startTexts));
  const [refusals, setRefusals] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const submitButton = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const inFlight = useRef(false);
  const draft = useDraft();

  useEffect(() => {
    if (refusals > 0) summary.current?.focus();
  }, [refusals]);

  useEffect(() => {
    // Below the form, on a phone, the answer would come unseen.
    if (shown !== null) panel.current?.scrollIntoView({ block: "nearest" });
  }, [shown]);

  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          setStale(shown !== null && !sameTexts(values, shown.texts));
          draft.keep({ key, texts: values });
        },
      }),
    [subscribe, shown, draft.keep, key],
  );

  const failed = shown !== null && "error" in shown.outcome ? shown.outcome.error : null;
  const refused = stale ? undefined : failed?.fields;
  const errors: Partial<Record<FeatureKey, string>> = {};
  for (const feature of FEATURE_KEYS) {
    const message = formState.errors[feature]?.message ?? refused?.[feature];
    // Tabbing past an empty field is no mistake until the form is sent.
    if (message !== undefined && (refusals > 0 || refused !== undefined || getValues(feature) !== "")) {
      errors[feature] = message;
    }
  }
  const wrong = FEATURES.filter((feature) => errors[feature.key] !== undefined);

  function fill(texts: MeasurementTexts, message: string, formKey = newKey()) {
    const before = getValues();
    for (const feature of FEATURE_KEYS) setValue(feature, texts[feature]);
    clearErrors();
    setRefusals(0);
    setKey(formKey);
    draft.keep({ key: formKey, texts });
    draft.forget();
    setChecked(check(texts));
    setFilled({ message, before: sameTexts(before, EMPTY) || sameTexts(before, texts) ? null : before });
  }

  function paste(event: ClipboardEvent) {
    const text = event.clipboardData.getData("text");
    if (isOneCell(text)) return;
    event.preventDefault();
    const reading = readMeasurements(text);
    const only = reading.kind === "read" && reading.way.cases.length === 1 ? reading.way.cases[0] : undefined;
    if (reading.kind !== "read" || only?.ok !== true) return setPasted(reading);
    setPasted(null);
    fill(textsOf(only.value), describeWay(reading.way));
  }

  function takePasted(values: readonly number[], message: string) {
    if (pasted?.kind === "unsure") setPasted(null);
    fill(textsOf(values), message);
    submitButton.current?.focus();
  }

  // Not react-hook-form's setFocus: that waits for a timer, and what is typed meanwhile goes into the field before.
  function focusField(name: FeatureKey) {
    const input = form.current?.elements.namedItem(name);
    if (!(input instanceof HTMLInputElement)) return;
    input.focus();
    input.select();
  }

  function moveFocus(event: KeyboardEvent<HTMLElement>) {
    if (!(event.target instanceof HTMLInputElement)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.current?.requestSubmit();
      return;
    }
    const name = event.target.name;
    const index = FEATURES.findIndex((feature) => feature.key === name);
    const down = event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey);
    const up = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
    if (index < 0 || !(down || up)) return;
    event.preventDefault();
    // The features run down one column and on to the top of the next, as the eye does.
    const next = FEATURES[index + (down ? 1 : -1)];
    if (next !== undefined) focusField(next.key);
    else if (event.key === "Enter" && down) submitButton.current?.focus();
  }

  async function send(texts: MeasurementTexts) {
    if (inFlight.current) return;
    inFlight.current = true;
    setPending(true);
    const sentKey = key || newKey();
    setKey(sentKey);
    // Also where nothing was typed since the page was loaded.
    draft.keep({ key: sentKey, texts });
    const outcome = await predict({ key: sentKey, values: texts }).catch(refusalOf);
    inFlight.current = false;
    setPending(false);
    setShown({ outcome, texts });
    const scales = "ok" in outcome && outcome.ok ? outcome.value.typicality?.scales : undefined;
    if (scales !== undefined) setSession((earlier) => [...earlier, scales]);
    setStale(!sameTexts(getValues(), texts));
  }

  const submit = handleSubmit(
    () => send(getValues()),
    () => setRefusals((count) => count + 1),
  );

  /** An extension or a password manager may write into a field without an event. */
  function takeUnseen() {
    const typed = getValues();
    for (const name of FEATURE_KEYS) {
      const input = form.current?.elements.namedItem(name);
      if (input instanceof HTMLInputElement && input.value !== typed[name]) setValue(name, input.value);
    }
    setChecked(check(getValues()));
  }

  return (
    <div className="grid items-start gap-4 @min-[58rem]:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="grid min-w-0 gap-2">
        <QuickFill
          onFill={(texts, message) => {
            setPasted(null);
            fill(texts, message);
          }}
        />
        <div role="status" className="empty:hidden">
          {filled !== null && (
            <p className="text-sm">
              {filled.message}{" "}
              {filled.before !== null && (
                <Button
                  kind="quiet"
                  onClick={() => filled.before && fill(filled.before, "Your values are back.")}
                >
                  Undo
                </Button>
              )}
            </p>
          )}
        </div>
        {draft.left !== null && !sameTexts(draft.left.texts, startTexts) && (
          <DraftOffer
            draft={draft.left}
            onTake={({ key, texts }) => fill(texts, "Your values are back.", key)}
            onForget={draft.forget}
          />
        )}
        {pasted !== null && <PasteCard reading={pasted} onUse={takePasted} onClose={() => setPasted(null)} />}
        {wrong.length > 0 && (refusals > 0 || refused !== undefined) && (
          <Notice ref={summary} kind="error" title={countWrongFields(wrong.length)}>
            <ul className="grid text-sm sm:grid-cols-2">
              {wrong.map((feature) => (
                <li key={feature.key}>
                  <a
                    href={`#${feature.key}`}
                    className="inline-block py-0.5 underline underline-offset-2"
                    onClick={(event) => {
                      event.preventDefault();
                      focusField(feature.key);
                    }}
                  >
                    {feature.label}: {errors[feature.key]}
                  </a>
                </li>
              ))}
            </ul>
          </Notice>
        )}
        <form
          ref={form}
          action={postAction}
          onSubmit={(event) => {
            takeUnseen();
            void submit(event);
          }}
          noValidate
          className="grid gap-2"
        >
          <input type="hidden" name="key" value={key} />
          <MeasurementGrid
            texts={startTexts}
            errors={errors}
            warnings={warnings}
            onPaste={paste}
            onKeyDown={moveFocus}
            field={(feature) => register(feature, { onBlur: () => setChecked(check(getValues())) })}
          />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <Button
              ref={submitButton}
              type="submit"
              kind="primary"
              aria-disabled={pending}
              // Else leaving the field would show its error and move this button away under the pointer.
              onMouseDown={(event) => event.preventDefault()}
            >
              Make prediction
            </Button>
            <p className="text-ink-2 text-sm">
              Paste a case anywhere in the grid, as a file or a program has it. Enter and the arrow keys move
              down a column, Ctrl+Enter predicts.
            </p>
          </div>
          {warnings.length > 0 && (
            <Notice
              kind="caution"
              title={
                isOneCase
                  ? "Worth a second look; a prediction is still possible."
                  : "These values do not fit one case; there will be no prediction."
              }
            >
              <ul className="text-sm">
                {warnings.map(({ key: feature, message }) => (
                  <li key={`${feature} ${message}`}>
                    {FEATURES.find((each) => each.key === feature)?.label}: {message}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
        </form>
      </div>
      <PredictionPanel
        ref={panel}
        outcome={shown?.outcome ?? null}
        stale={stale}
        pending={pending}
        session={session}
        onSaveAgain={() => shown !== null && send(shown.texts)}
        ask={tryValues}
        onUse={takePasted}
      />
    </div>
  );
}

/** What was in the form before Back, Reload or another page. */
function DraftOffer({
  draft,
  onTake,
  onForget,
}: {
  draft: Draft;
  onTake: (draft: Draft) => void;
  onForget: () => void;
}) {
  const count = Object.values(draft.texts).filter((text) => text !== "").length;
  return (
    <p className="text-sm">
      This tab still has what you had filled in: {count} of {FEATURES.length} values.{" "}
      <Button onClick={() => onTake(draft)}>Bring them back</Button>{" "}
      <Button kind="quiet" onClick={onForget}>
        No
      </Button>
    </p>
  );
}

const sampleMessage = ({ label, row, about }: Sample) => `${label}: row ${row} of the dataset, ${about}.`;

/** Buttons that fill the grid; without JavaScript they are a form that asks for a filled page. */
function QuickFill({ onFill }: { onFill: (texts: MeasurementTexts, message: string) => void }) {
  const instead = (act: () => void) => (event: MouseEvent) => {
    event.preventDefault();
    act();
  };
  return (
    <form method="get" action="/" aria-label="Fill the form" className="flex flex-wrap gap-1.5">
      {SAMPLES.map((sample) => (
        <Button
          key={sample.key}
          type="submit"
          name="sample"
          value={sample.key}
          title={sampleMessage(sample)}
          onClick={instead(() => onFill(textsOf(sample.values), sampleMessage(sample)))}
        >
          {sample.label}
        </Button>
      ))}
      <Button type="submit" kind="quiet" onClick={instead(() => onFill(EMPTY, "Cleared."))}>
        Clear
      </Button>
    </form>
  );
}
