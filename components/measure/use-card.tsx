import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { withCount } from "@/lib/format";
import { lengthOf } from "@/lib/measure/outline";
import { isTooLarge, type MeasurementRecord, MOST_LENGTH, measuredText } from "@/lib/measure/record";
import type { Measuring } from "./measure";
import type { Values } from "./values-card";

/** Beyond this the file's pixels show less than measured ones would. */
const MOST_MAGNIFIED = 1.5;
/** By how much the radius may differ from what the other values speak for. */
const MOST_APART = 1.5;

/** Whether the numbers are enough for a prediction, what speaks against them, and the way to the form with them. */
export function UseCard({
  record,
  values,
  measuring,
  person,
  onProblem,
}: {
  record: MeasurementRecord;
  values: Values;
  measuring: Measuring;
  person: string;
  onProblem: (problem: string) => void;
}) {
  const [keepImage, setKeepImage] = useState(false);
  const [keepDraft, setKeepDraft] = useState(false);
  const { nouns, counts } = measuring;
  const { factor } = record.image;
  const count = record.outlines.length;
  const isEnough = count >= counts.least;
  const doubts = isEnough ? doubtsOf(values, factor, count, measuring) : [];

  async function use() {
    const length = record.outlines.reduce((sum, { points }) => sum + lengthOf(points), 0);
    if (length > MOST_LENGTH || isTooLarge(record))
      return onProblem(`These are more ${nouns.many} than can be kept with a prediction. Delete some.`);
    // Loaded now: it knows the whole form.
    const { putInForm } = await import("@/components/prediction/measured");
    putInForm(record, { keepImage, keepDraft, says: `measured on ${withCount(count, nouns)}` });
    location.assign("/");
  }

  return (
    <Card title={`${withCount(count, nouns)} outlined`}>
      <p>{countText(count, counts, nouns)}</p>
      {doubts.length > 0 && (
        <Notice kind="caution" title="The scale may be wrong.">
          <ul className="list-disc pl-5">
            {doubts.map((doubt) => (
              <li key={doubt}>{doubt}</li>
            ))}
          </ul>
        </Notice>
      )}
      <p className="text-ink-2 text-xs">
        {counts.advice} {counts.says}
      </p>
      <div className="grid gap-1">
        <Tick checked={keepImage} onChange={setKeepImage}>
          Send the image too, and keep it with the prediction. It may show a {person}'s data: remove labels
          first.
        </Tick>
        <Tick checked={keepDraft} onChange={setKeepDraft}>
          Keep image and outlines here after the prediction
        </Tick>
      </div>
      <Button kind="primary" disabled={!isEnough} onClick={use}>
        Use in form
      </Button>
    </Card>
  );
}

function Tick({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: (isOn: boolean) => void;
  children: ReactNode;
}) {
  return (
    <label className="flex min-h-6 items-start gap-2 text-xs">
      <input
        type="checkbox"
        className="mt-0.5 size-4 flex-none accent-ink"
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}

function countText(count: number, { least, enough }: Measuring["counts"], nouns: Measuring["nouns"]) {
  if (count < least) {
    const missing = least - count;
    return count === 0
      ? `The values need at least ${least} ${nouns.many}.`
      : `${missing} more, and the values can be used. Fewer have no standard error.`;
  }
  if (count < enough) {
    const same = count === 3 ? " With three, worst is the mean." : "";
    return `They can be used, with care: with ${enough} or more, one ${nouns.one} matters less.${same}`;
  }
  return `Enough: as many as most cases that the model learnt from.`;
}

/** What speaks against the scale. */
function doubtsOf(values: Values, factor: number, count: number, { scale, counts, nouns }: Measuring) {
  const doubts: string[] = [];
  const radius = values.radius_mean ?? null;
  if (factor > MOST_MAGNIFIED)
    doubts.push(`At a factor of ${factor} the image is magnified without showing more: edges become smooth.`);
  if (radius === null) return doubts;
  const { least, most } = scale.radius;
  if (radius < least || radius > most)
    doubts.push(
      `A mean radius of ${measuredText(radius)} is ${radius < least ? "small" : "large"}: the table's are ${least} to ${most}.`,
    );
  const expected = expectedRadius(values, scale.expectedRadius);
  if (expected === null) return doubts;
  const ratio = radius / expected;
  if (ratio > MOST_APART || ratio < 1 / MOST_APART)
    doubts.push(
      `The form of these ${nouns.many} speaks for a mean radius of about ${expected.toFixed(0)}, and it is ${measuredText(radius)}.${count < counts.enough ? ` With under ${counts.enough} this says little.` : ""}`,
    );
  return doubts;
}

function expectedRadius(
  values: Values,
  { numerator, y, least, slope, x }: Measuring["scale"]["expectedRadius"],
): number | null {
  const left = (values[y] ?? Number.NaN) - least - slope * (values[x] ?? Number.NaN);
  return left > 0 ? numerator / left : null;
}
