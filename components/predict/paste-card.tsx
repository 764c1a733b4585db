"use client";

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { Reading, Way } from "@/lib/predict/reader";
import { valueText } from "@/lib/prediction/value";
import { FEATURES } from "@/tables/current";

type Values = readonly number[];
type Props = {
  reading: Reading;
  /** Fills the form with one case; `message` says how it was read. */
  onUse: (values: Values, message: string) => void;
  onClose: () => void;
};

/** What was pasted and does not fill the form by itself: why it cannot, ways to choose from, or several cases. */
export function PasteCard({ reading, onUse, onClose }: Props) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (reading.kind !== "refused") card.current?.focus();
  }, [reading]);
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
  };
  if (reading.kind === "refused") {
    return <Notice kind="error" role="alert" title={`Nothing was pasted: ${reading.reason}`} />;
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is a short cut of the button Cancel.
    <div onKeyDown={closeOnEscape}>
      {reading.kind === "unsure" ? (
        <Notice ref={card} kind="caution" role="alert" title={`Nothing was pasted yet: ${reading.reason}`}>
          <Ways ways={reading.ways} onUse={onUse} onClose={onClose} />
        </Notice>
      ) : (
        <Notice ref={card} kind="caution" role="status" title={severalCases(reading.way)}>
          <Cases way={reading.way} onUse={onUse} onClose={onClose} />
        </Notice>
      )}
    </div>
  );
}

/** How a text was read, and what of it was left out. */
export function describeWay({ layout, decimal, left }: Way): string {
  const beside = left.length === 0 ? "" : ` Left out: ${left.join(", ")}.`;
  return `Read as ${layout}, decimal ${decimal === "." ? "point" : "comma"}.${beside}`;
}

const severalCases = ({ cases }: Way) =>
  `These are ${cases.length} cases. The form takes one at a time: which one?`;

const numberedCases = ({ cases }: Way) =>
  cases.flatMap((values, index) => (values.ok ? [{ values: values.value, number: index + 1 }] : []));

/** The ways side by side, each value below the next. */
function Ways({ ways, onUse, onClose }: { ways: readonly Way[] } & Omit<Props, "reading">) {
  const shown = ways.flatMap((way) => {
    const [first] = numberedCases(way);
    return first === undefined ? [] : [{ way, values: first.values }];
  });
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: The keyboard scrolls it. */}
      <section aria-label="Ways to read it" tabIndex={0} className="my-1 max-h-64 overflow-auto text-sm">
        <table>
          <thead className="text-left align-top">
            <tr>
              <th scope="col" className="pr-4 font-semibold">
                Measurement
              </th>
              {shown.map(({ way }) => (
                <th key={describeWay(way)} scope="col" className="max-w-72 pr-4 font-semibold">
                  {describeWay(way)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {FEATURES.map((feature) => (
              <tr key={feature.key}>
                <th scope="row" className="pr-4 text-left font-normal">
                  {feature.label}
                </th>
                {shown.map(({ way, values }) => (
                  <td key={describeWay(way)} className="pr-4 font-mono tabular-nums">
                    {valueText(feature, values[feature.index] ?? Number.NaN)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="flex flex-wrap gap-1.5">
        {shown.map(({ way, values }, index) => (
          <Button key={describeWay(way)} onClick={() => onUse(values, describeWay(way))}>
            {shown.length === 1 ? "Use it" : `Use reading ${index + 1}`}
          </Button>
        ))}
        <Button kind="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </>
  );
}

/** The cases one by one: the card stays, for the next. */
function Cases({ way, onUse, onClose }: { way: Way } & Omit<Props, "reading">) {
  const cases = numberedCases(way);
  const [at, setAt] = useState(0);
  const id = useId();
  const wrong = way.cases.flatMap((values, index) =>
    values.ok ? [] : [{ number: index + 1, why: values.error }],
  );
  const chosen = cases[at];
  return (
    <>
      <p className="text-sm">{describeWay(way)}</p>
      {wrong.length > 0 && (
        <ul className="max-h-32 overflow-auto text-ink text-sm">
          {wrong.map(({ number, why }) => (
            <li key={number}>
              Case {number} cannot be read: {why}
            </li>
          ))}
        </ul>
      )}
      <div className="mt-1 flex flex-wrap items-center gap-1.5">
        <label htmlFor={id} className="text-sm">
          Case
        </label>
        <select
          id={id}
          value={at}
          onChange={(event) => setAt(Number(event.target.value))}
          className="h-8 rounded border border-ink-3 bg-canvas px-2"
        >
          {cases.map(({ number }, index) => (
            <option key={number} value={index}>
              {number}
            </option>
          ))}
        </select>
        <Button
          onClick={() => {
            if (chosen === undefined) return;
            onUse(chosen.values, `Case ${chosen.number} of ${way.cases.length}. ${describeWay(way)}`);
            setAt(Math.min(at + 1, cases.length - 1));
          }}
        >
          Fill the form with it
        </Button>
        <Button kind="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </>
  );
}
