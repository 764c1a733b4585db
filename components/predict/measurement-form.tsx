"use client";

import {
  type ClipboardEvent,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  startTransition,
  useActionState,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from "react";
import { type FieldErrors, type Resolver, useForm } from "react-hook-form";
import { formatProbability } from "@/components/prediction/diagnosis";
import {
  keepDraft,
  keepMeasured,
  keptMeasured,
  leftDraft,
  type Measured,
} from "@/components/prediction/form-draft";
import { useGuessFirst } from "@/components/prediction/kept-guesses";
import type { AskTried } from "@/components/prediction/try-rescaled";
import { Button, buttonClass, Kbd } from "@/components/ui/button";
import { newKey } from "@/components/ui/in-tab";
import { Notice } from "@/components/ui/notice";
import { type Refusal, refusalOf } from "@/components/ui/refusal";
import { isSingleKey } from "@/components/ui/single-keys";
import type { PredictOutcome, Typicality } from "@/lib/contract";
import { capitalised } from "@/lib/format";
import { isTooLarge, type MeasurementRecord, MOST_RECORD_BYTES } from "@/lib/measure/record";
import type { FormDistribution } from "@/lib/predict/distribution";
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
  UNKNOWN,
} from "@/lib/predict/measurements";
import { type Reading, readMeasurements } from "@/lib/predict/reader";
import type { PostedForm } from "@/lib/predict/submitted-form";
import { AS_READ, hasGrid } from "@/lib/prediction/layout";
import { SEEN_COOKIE } from "@/lib/theme";
import { ONE_YEAR_S } from "@/lib/time";
import {
  drawing,
  FEATURE_KEYS,
  FEATURES,
  type FeatureKey,
  oneCase,
  PROPERTIES,
  SAMPLES,
  type Sample,
  table,
} from "@/tables/current";
import { AnswerPanel } from "./answer-panel";
import { CaseHead, FORM_ID, sampleMessage } from "./case-head";
import { DrawingCard } from "./drawing-card";
import { FieldHelp } from "./field-help";
import { ImageNote, type ImageSent, MeasuredNote } from "./measured-note";
import { MeasurementFields } from "./measurement-fields";
import { MeasurementGrid } from "./measurement-grid";
import { describeWay, PasteCard } from "./paste-card";
import { PasteDialog } from "./paste-dialog";
import { settleImage } from "./send-image";
import { useSessionCases } from "./session-cases";
import { SessionList } from "./session-list";

type Props = {
  /**
   * Names this filled form, so that sending it twice saves one row. The page made at build time has none: the form then
   * names itself when it is sent.
   */
  formKey?: string;
  title: string;
  initialTexts: MeasurementTexts;
  distributions: readonly FormDistribution[];
  /** What the page is called that measures an image; null where there is none. */
  measure: string | null;
  /** Stands where the answer will be. */
  before: ReactNode;
  predict: (input: {
    key: string;
    caseCode: string;
    values: MeasurementTexts;
    /** What the values were measured on. */
    measurement?: MeasurementRecord;
  }) => Promise<PredictOutcome>;
  tryValues: AskTried;
  predictPosted: (state: PostedForm | null, data: FormData) => Promise<PostedForm>;
};

type Shown = {
  outcome: PredictOutcome | Refusal;
  texts: MeasurementTexts;
  caseCode: string;
  at: Date | null;
};

/** How long after an answer its button takes no click. */
const SETTLES_MS = 600;

/** What last filled the grid at once, and what stood there before; `before` is null where nothing was lost. */
type Filled = { message: string; before: { texts: MeasurementTexts; measured: Measured | null } | null };

const EMPTY = byKey(() => "");
/** What the form has of each field; nothing of a choice that was not made. */
const typedIn = (values: Partial<MeasurementTexts>): MeasurementTexts =>
  byKey(({ key }) => values[key] ?? "");
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

/** The whole page of a new prediction: what the case is called, its values, its drawing, its answer, and the cases before it. */
export function MeasurementForm({
  formKey = "",
  title,
  initialTexts,
  distributions,
  measure,
  before,
  predict,
  predictPosted,
  tryValues,
}: Props) {
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
  const [shown, setShown] = useState<Shown | null>(posted && { ...posted, at: null });
  const [texts, setTexts] = useState(startTexts);
  const [focused, setFocused] = useState<FeatureKey | null>(null);
  const [about, setAbout] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const [session, setSession] = useState<Typicality["scales"][]>([]);
  const [cases, addCase] = useSessionCases();
  const [isGuessedFirst] = useGuessFirst(false);
  const [filled, setFilled] = useState<Filled | null>(null);
  const [measured, setMeasured] = useState<Measured | null>(null);
  const [sent, setSent] = useState<{ of: Measured; image: ImageSent } | null>(null);
  const [pasted, setPasted] = useState<Reading | null>(null);
  const [{ warnings, isOneCase }, setChecked] = useState(() => check(startTexts));
  const [refusals, setRefusals] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const code = useRef<HTMLInputElement>(null);
  const summary = useRef<HTMLDivElement>(null);
  const submitButton = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const pasteDialog = useRef<HTMLDialogElement>(null);
  const inFlight = useRef(false);

  const numbers = useMemo(() => readNumbers(texts), [texts]);
  const changed = useMemo(() => changedFrom(measured, numbers), [measured, numbers]);
  const count = FEATURE_KEYS.filter((name) => texts[name] !== "").length;
  const isOfShown = (texts: MeasurementTexts) => shown !== null && sameTexts(texts, shown.texts);
  const stale = shown !== null && !isOfShown(texts);
  const answered = shown !== null && "ok" in shown.outcome && shown.outcome.ok ? shown.outcome.value : null;
  const isDone = answered !== null && !stale && !pending;
  const filledWith = useMemo(
    () => SAMPLES.find(({ values }) => sameTexts(textsOf(values), texts))?.key ?? null,
    [texts],
  );
  const field = useCallback(
    (feature: FeatureKey) => register(feature, { onBlur: () => setChecked(check(getValues())) }),
    [register, getValues],
  );
  const answeredId = answered?.id;
  const earlier = useMemo(() => cases.filter(({ id }) => id !== answeredId), [cases, answeredId]);
  const caseCode = () => code.current?.value.trim() ?? "";

  useEffect(() => {
    if (refusals > 0) summary.current?.focus();
  }, [refusals]);

  useEffect(() => {
    if (shown === null) return;
    // Below the form, on a phone, the answer would come unseen; beside it, nothing moves.
    const top = panel.current?.getBoundingClientRect().top ?? 0;
    if (top < 0 || top > innerHeight / 2) panel.current?.scrollIntoView({ block: "start" });
  }, [shown]);

  const keepTyped = useEffectEvent(keep);
  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values, type }) => {
          const typed = typedIn(values);
          // At once: the page may go before it has drawn what was typed.
          if (type === "change") keepTyped(typed);
          // What is drawn of the values waits for what is typed.
          startTransition(() => setTexts(typed));
        },
      }),
    [subscribe],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is kept follows what is in the form.
  useEffect(() => {
    // Before the first change the fields may hold what the script has not seen.
    if (texts !== startTexts || isDone || caseCode() !== "") keep(texts);
  }, [texts, key, isDone, measured]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, after the first render, which has to be the server's.
  useEffect(() => {
    const left = leftDraft();
    const isUntouched = sameTexts(typedIn(getValues()), EMPTY) && caseCode() === "";
    if (left === null || posted !== null || !isUntouched) return;
    const kept = FEATURE_KEYS.filter((name) => left.texts[name] !== "").length;
    const back = `Your ${kept === 1 ? "value is" : `${kept} values are`} back.`;
    const of = left.isAnswered ? null : keptMeasured(left.measured);
    fill(left.texts, of === null ? back : "", left.key, of);
    if (code.current !== null) code.current.value = left.caseCode;
  }, []);

  function keep(texts: MeasurementTexts) {
    const isAnswered = isDone && isOfShown(texts);
    keepDraft({ key, caseCode: caseCode(), texts, isAnswered, measured: measured?.id ?? null });
  }

  const failed = shown !== null && "error" in shown.outcome ? shown.outcome.error : null;
  const refused = stale ? undefined : failed?.fields;
  const isChecked = refusals > 0 || refused !== undefined;
  const errors: Partial<Record<FeatureKey, string>> = {};
  for (const feature of FEATURE_KEYS) {
    const message = formState.errors[feature]?.message ?? refused?.[feature];
    // Tabbing past an empty field is no mistake until the form is sent.
    if (message !== undefined && (isChecked || texts[feature] !== "")) errors[feature] = message;
  }
  const wrong = AS_READ.filter((feature) => errors[feature.key] !== undefined);

  function takeMeasured(of: Measured | null) {
    setMeasured(of);
    keepMeasured(of);
  }

  function fill(
    texts: MeasurementTexts,
    message: string,
    formKey = newKey(),
    measuredOn: Measured | null = null,
  ) {
    const before = typedIn(getValues());
    for (const feature of FEATURE_KEYS) setValue(feature, texts[feature]);
    clearErrors();
    setRefusals(0);
    setKey(formKey);
    setTexts(texts);
    setChecked(check(texts));
    const isLost = !sameTexts(before, EMPTY) && !sameTexts(before, texts);
    setFilled({ message, before: isLost ? { texts: before, measured } : null });
    takeMeasured(measuredOn);
  }

  function fillWith(sample: Sample) {
    setPasted(null);
    fill(textsOf(sample.values), sampleMessage(sample, isGuessedFirst));
  }

  function read(text: string) {
    const reading = readMeasurements(text);
    const only = reading.kind === "read" && reading.way.cases.length === 1 ? reading.way.cases[0] : undefined;
    if (reading.kind !== "read" || only?.ok !== true) return setPasted(reading);
    setPasted(null);
    fill(textsOf(only.value), describeWay(reading.way));
  }

  function paste(event: ClipboardEvent) {
    const text = event.clipboardData.getData("text");
    if (isOneCell(text)) return;
    event.preventDefault();
    read(text);
  }

  function takePasted(values: readonly number[], message: string) {
    if (pasted?.kind === "unsure") setPasted(null);
    fill(textsOf(values), message);
    submitButton.current?.focus();
  }

  /** The element that takes a value: of radio buttons the one that is chosen, or the first. */
  function fieldOf(name: FeatureKey | undefined): Element | null {
    const found = name === undefined ? null : form.current?.elements.namedItem(name);
    if (!(found instanceof RadioNodeList)) return found ?? null;
    const parts = Array.from(found).filter((part) => part instanceof HTMLInputElement);
    return parts.find(({ type, checked }) => type === "radio" && checked) ?? parts[0] ?? null;
  }

  // Not react-hook-form's setFocus: that waits for a timer, and what is typed meanwhile goes into the field before.
  function focusField(name: FeatureKey | undefined) {
    const field = fieldOf(name);
    if (field instanceof HTMLSelectElement) field.focus();
    if (!(field instanceof HTMLInputElement)) return;
    field.focus();
    field.select();
  }

  const setNotKnown = useCallback(
    (name: FeatureKey, isNotKnown: boolean) => {
      setValue(name, isNotKnown ? UNKNOWN : "");
      clearErrors(name);
      setTexts(typedIn(getValues()));
    },
    [setValue, clearErrors, getValues],
  );

  function sendOnKey(event: KeyboardEvent): boolean {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
    event.preventDefault();
    form.current?.requestSubmit();
    return true;
  }

  function leaveCode(event: KeyboardEvent) {
    if (sendOnKey(event) || (event.key !== "Enter" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    focusField(AS_READ[0]?.key);
  }

  /** Enter goes as Tab does, row by row; the arrows go up and down a column of the grid. */
  function moveFocus(event: KeyboardEvent<HTMLElement>) {
    const { target } = event;
    const isField = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (!isField || sendOnKey(event)) return;
    const at = AS_READ.findIndex((feature) => feature.key === target.name);
    if (at < 0) return;
    // Elsewhere they choose.
    const columns = hasGrid ? AS_READ.length / PROPERTIES.length : undefined;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: columns, ArrowUp: columns && -columns }[
      event.key
    ];
    if (step === undefined) return;
    event.preventDefault();
    if (at + step < 0 && event.key === "Enter") code.current?.focus();
    else if (at + step >= AS_READ.length) submitButton.current?.focus();
    else focusField(AS_READ[at + step]?.key);
  }

  async function send(texts: MeasurementTexts) {
    if (inFlight.current) return;
    inFlight.current = true;
    setPending(true);
    const sentCode = caseCode();
    const isOther = shown !== null && shown.caseCode !== sentCode;
    const sentKey = isOther ? newKey() : key || newKey();
    setKey(sentKey);
    // Also where nothing was typed since the page was loaded.
    const draft = { key: sentKey, caseCode: sentCode, texts };
    keepDraft({ ...draft, isAnswered: false, measured: measured?.id ?? null });
    const input = { key: sentKey, caseCode: sentCode, values: texts, measurement: measured?.record };
    const isCutOff = measured !== null && isTooLarge(measured.record);
    const outcome = isCutOff ? TOO_LARGE : await predict(input).catch(refusalOf);
    inFlight.current = false;
    setPending(false);
    setShown({ outcome, texts, caseCode: sentCode, at: new Date() });
    if (!("ok" in outcome) || !outcome.ok) return;
    keepDraft({ ...draft, isAnswered: true, measured: null });
    const { id, label, diagnosis, probability, threshold, typicality, values } = outcome.value;
    if (typicality !== null) setSession((earlier) => [...earlier, typicality.scales]);
    setSent(null);
    if (measured !== null) {
      takeMeasured(null);
      void sendImage(id, measured);
    }
    addCase({
      id,
      name: sentCode || "without a code",
      label: label ?? diagnosis,
      probability: label === "no_answer" ? "" : formatProbability(probability, threshold),
      values,
    });
    markAsSeen();
    submitButton.current?.focus({ preventScroll: true });
  }

  async function sendImage(id: string, of: Measured) {
    const say = (image: ImageSent) => setSent(of.keepImage ? { of, image } : null);
    say({ id, state: "sending" });
    const why = await settleImage(id, of);
    say(why === null ? { id, state: "kept" } : { id, state: "failed", why });
  }

  function goToNext() {
    setShown(null);
    fill(EMPTY, "");
    // What stood there is saved.
    setFilled(null);
    if (code.current !== null) code.current.value = "";
    code.current?.focus();
    window.scrollTo({ top: 0 });
  }

  const next = useRef(goToNext);
  next.current = goToNext;
  useEffect(() => {
    if (!isDone) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "n" || !isSingleKey(event)) return;
      event.preventDefault();
      next.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isDone]);

  const submit = handleSubmit(
    () => send(typedIn(getValues())),
    () => setRefusals((count) => count + 1),
  );

  /** An extension or a password manager may write into a field without an event. */
  function takeUnseen() {
    const typed = getValues();
    for (const name of FEATURE_KEYS) {
      const input = fieldOf(name);
      if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) continue;
      if (input instanceof HTMLInputElement && input.type === "radio" && !input.checked) continue;
      if (input.value !== typed[name]) setValue(name, input.value);
    }
    setTexts(typedIn(getValues()));
    setChecked(check(getValues()));
  }

  const of = shown && (
    <>
      {shown.caseCode}
      {shown.caseCode !== "" && shown.at !== null && " · "}
      {shown.at?.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" })}
    </>
  );
  const fields = {
    texts: startTexts,
    numbers,
    errors,
    isChecked,
    focused,
    distributions,
    onFocus: ({ target }: FocusEvent) => {
      setAbout(null);
      setFocused(FEATURE_KEYS.find((name) => name === target.getAttribute("name")) ?? null);
    },
    onBlur: () => setFocused(null),
    onPaste: paste,
    onKeyDown: moveFocus,
    field,
  };
  const isAnsweredByServer = posted !== null && shown?.at === null;

  return (
    <div className="@container mx-auto grid max-w-(--w-form) gap-3">
      <CaseHead
        title={title}
        caseCode={posted?.caseCode ?? ""}
        codeRef={code}
        onCode={() => keep(typedIn(getValues()))}
        onCodeKey={leaveCode}
        filledWith={filledWith}
        isTruthHidden={isGuessedFirst}
        onSample={fillWith}
        onPaste={() => pasteDialog.current?.showModal()}
        measure={measure}
      />
      <PasteDialog ref={pasteDialog} onText={read} />
      <div className="flex min-h-6 flex-wrap">
        <p role="status" className="not-empty:mr-3">
          {filled !== null && filled.message !== "" && (
            <>
              {filled.message}{" "}
              {filled.before !== null && (
                <Button
                  kind="quiet"
                  className="min-h-6! px-1!"
                  onClick={() => {
                    if (filled.before === null) return;
                    const { texts, measured } = filled.before;
                    fill(texts, "Your values are back.", newKey(), measured);
                  }}
                >
                  Undo
                </Button>
              )}
            </>
          )}
        </p>
        {measured !== null && (
          <MeasuredNote says={measured.says} changed={changed.size} onForget={() => takeMeasured(null)} />
        )}
      </div>
      {pasted !== null && <PasteCard reading={pasted} onUse={takePasted} onClose={() => setPasted(null)} />}
      {wrong.length > 0 && isChecked && (
        <Notice ref={summary} kind="error" title={countWrongFields(wrong.length)}>
          <ul>
            {summaryOf(wrong, texts, errors).map(({ name, text }) => (
              <li key={name}>
                <a
                  href={`#${name}`}
                  className="inline-block py-0.5 underline decoration-ink-3"
                  onClick={(event) => {
                    event.preventDefault();
                    focusField(name);
                  }}
                >
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div
        className={`grid grid-cols-[minmax(0,1fr)] items-start gap-x-6 gap-y-5 @min-[53.75rem]:grid-cols-[minmax(0,1fr)_21rem] ${isAnsweredByServer ? AREAS.answerFirst : AREAS.formFirst} ${drawing === null ? AREAS.withoutDrawing : AREAS.withDrawing}`}
      >
        <div className="grid gap-3 [grid-area:g]">
          <form
            ref={form}
            id={FORM_ID}
            action={postAction}
            onSubmit={(event) => {
              takeUnseen();
              void submit(event);
            }}
            noValidate
            aria-label={capitalised(table.nouns.values)}
            className="min-w-0 overflow-clip rounded-card border border-line bg-surface"
          >
            <input type="hidden" name="key" value={key} />
            {hasGrid ? (
              <>
                <MeasurementGrid {...fields} changed={changed} onAbout={setAbout} />
                <FieldHelp
                  about={about}
                  focused={focused}
                  text={focused === null ? "" : texts[focused]}
                  value={focused === null ? undefined : numbers[focused]}
                  error={focused === null ? undefined : errors[focused]}
                />
              </>
            ) : (
              <MeasurementFields {...fields} onNotKnown={setNotKnown} />
            )}
            {/* At hand wherever in the form one is, where that may be longer than a screen. */}
            <div
              className={`flex items-center gap-3 border-line border-t bg-sunken px-4 py-3 max-[21.25rem]:gap-1 max-[21.25rem]:px-2 max-sm:sticky max-sm:bottom-(--places) max-sm:z-1 max-sm:py-2 ${hasGrid ? "" : "sm:sticky sm:bottom-0 sm:z-1"}`}
            >
              <p className="min-w-0 flex-1 text-ink-2 text-xs">
                <span className="block">
                  {count} of {FEATURES.length}
                  {isDone && " · answered and saved"}
                </span>
                <svg width="100%" height="4" aria-hidden="true" className="mt-1 block">
                  <rect width="100%" height="4" rx="2" className="fill-line" />
                  <rect
                    width={`${(100 * count) / FEATURES.length}%`}
                    height="4"
                    rx="2"
                    className="fill-ink"
                  />
                </svg>
              </p>
              <Button
                kind="quiet"
                className="needs-script max-[21.25rem]:px-1!"
                onClick={() => {
                  setPasted(null);
                  fill(EMPTY, "Cleared.");
                }}
              >
                Clear
              </Button>
              {/* Without a script nothing turns the button back when a value changes, and it could not begin anew. */}
              {isDone && isAnsweredByServer && (
                <span className="hidden gap-2 noscript:flex">
                  <Button type="submit">Predict again</Button>
                  <a href="/" className={buttonClass("primary")}>
                    Next case
                  </a>
                </span>
              )}
              <Button
                ref={submitButton}
                type={isDone ? "button" : "submit"}
                kind="primary"
                // As wide with either of its names: what stands before it does not move.
                className={`min-w-40 max-[21.25rem]:min-w-0 sm:min-w-52 ${isDone ? "needs-script" : ""}`}
                aria-disabled={pending}
                aria-keyshortcuts={isDone ? "N" : "Control+Enter"}
                // Else leaving the field would show its error and move this button away under the pointer.
                onMouseDown={(event) => event.preventDefault()}
                onClick={(event) => {
                  if (!isDone) return;
                  event.preventDefault();
                  // The second click of a double click, or a key held down, was for the button that was here before.
                  if (Date.now() - (shown?.at?.getTime() ?? 0) > SETTLES_MS) goToNext();
                }}
              >
                {isDone ? (
                  <>
                    Next case <Kbd isHint>N</Kbd>
                  </>
                ) : (
                  <>
                    Make prediction <Kbd isHint>Ctrl ↵</Kbd>
                  </>
                )}
              </Button>
            </div>
          </form>
          {warnings.length > 0 && (
            <Notice
              kind="caution"
              title={
                isOneCase
                  ? "These values are unusual; a prediction is still possible."
                  : "These values do not fit one case; there will be no prediction."
              }
            >
              <Warnings warnings={warnings.slice(0, WARNED_FIRST)} />
              {warnings.length > WARNED_FIRST && (
                <details>
                  <summary className="min-h-6 underline decoration-ink-3">
                    {warnings.length - WARNED_FIRST} more
                  </summary>
                  <Warnings warnings={warnings.slice(WARNED_FIRST)} />
                </details>
              )}
            </Notice>
          )}
        </div>
        <AnswerPanel
          ref={panel}
          outcome={shown?.outcome ?? null}
          of={of}
          stale={stale}
          pending={pending}
          session={session}
          saved={
            sent !== null &&
            sent.image.id === answeredId && (
              <ImageNote sent={sent.image} onAgain={() => void sendImage(sent.image.id, sent.of)} />
            )
          }
          before={before}
          onSaveAgain={() => shown !== null && send(shown.texts)}
          ask={tryValues}
          onUse={takePasted}
          className="[grid-area:r]"
        />
        <DrawingCard numbers={numbers} className="[grid-area:n]" />
        <div className="[grid-area:s]">
          <SessionList cases={earlier} />
        </div>
      </div>
    </div>
  );
}

/** What is said of a record that the server would cut off before it has read it. */
const TOO_LARGE: PredictOutcome = {
  ok: false,
  error: {
    code: "invalid_form",
    message: `The outlines take more than ${MOST_RECORD_BYTES.toLocaleString("en")} bytes, so nothing was sent. Take some of them away, or leave them out.`,
  },
};

/** What was measured of the fields that have another number by now, or none. */
function changedFrom(measured: Measured | null, numbers: Partial<Measurements>): Map<FeatureKey, string> {
  if (measured === null) return new Map();
  const { texts } = measured;
  const others = FEATURE_KEYS.filter((key) => texts[key] === "" || Number(texts[key]) !== numbers[key]);
  return new Map(others.map((key) => [key, texts[key]]));
}

/** Without JavaScript the answer comes with the page: on a narrow one above the form. */
const AREAS = {
  formFirst: "[grid-template-areas:'g'_'r'_'n'_'s']",
  answerFirst: "[grid-template-areas:'r'_'g'_'n'_'s']",
  withDrawing:
    "@min-[53.75rem]:grid-rows-[auto_auto_1fr] @min-[53.75rem]:[grid-template-areas:'g_r'_'n_r'_'s_r'] @min-[75rem]:grid-cols-[minmax(0,1fr)_19.5rem_23.25rem] @min-[75rem]:grid-rows-[auto_1fr] @min-[75rem]:[grid-template-areas:'g_n_r'_'s_n_r']",
  withoutDrawing:
    "@min-[53.75rem]:grid-rows-[auto_1fr] @min-[53.75rem]:[grid-template-areas:'g_r'_'s_r'] @min-[75rem]:grid-cols-[minmax(0,1fr)_25rem]",
};

/** How many are seen at once: below more of them the answer would be far away on a phone. */
const WARNED_FIRST = 6;

function Warnings({ warnings }: { warnings: ReturnType<typeof findWarnings> }) {
  return (
    <ul>
      {warnings.map(({ key, message }) => (
        <li key={`${key} ${message}`}>
          {FEATURES.find((each) => each.key === key)?.label}: {message}
        </li>
      ))}
    </ul>
  );
}

/** The lines of the list of what is wrong, as the form is read: empty fields in one of them. */
function summaryOf(
  wrong: readonly { key: FeatureKey; label: string }[],
  texts: MeasurementTexts,
  errors: Partial<Record<FeatureKey, string>>,
): { name: FeatureKey; text: string }[] {
  const empty = wrong.filter(({ key }) => texts[key] === "");
  return wrong.flatMap(({ key, label }) => {
    if (texts[key] !== "" || empty.length === 1) return [{ name: key, text: `${label}: ${errors[key]}` }];
    if (key !== empty[0]?.key) return [];
    return [{ name: key, text: `${empty.length} fields are empty. The first is ${label}.` }];
  });
}

/** Who has had an answer needs no welcome; lib/theme.ts reads it before anything is drawn. */
function markAsSeen(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser.
  document.cookie = `${SEEN_COOKIE}=1;path=/;max-age=${ONE_YEAR_S};samesite=lax`;
}
