import { newKey } from "@/components/ui/in-tab";
import { type MeasurementRecord, measuredText } from "@/lib/measure/record";
import { type Summary, summarise } from "@/lib/measure/summary";
import { byKey } from "@/lib/predict/measurements";
import { keepDraft, keepMeasured, leftDraft, type Measured } from "./form-draft";

/** Has the form open with the values of a measured image; what the case is called stays as it is. */
export function putInForm(
  record: MeasurementRecord,
  options: Pick<Measured, "keepImage" | "keepDraft" | "says">,
): void {
  const summary: Partial<Summary> = summarise(record.outlines.map(({ values }) => values));
  const texts = byKey(({ key }) => measuredTextOf(summary[key]));
  const id = newKey();
  const earlier = leftDraft();
  const caseCode = earlier === null || earlier.isAnswered ? "" : earlier.caseCode;
  keepMeasured({ ...options, id, record, texts, at: Date.now() });
  keepDraft({ key: newKey(), caseCode, texts, isAnswered: false, measured: id });
}

const measuredTextOf = (value: number | null | undefined) => (value == null ? "" : measuredText(value));
