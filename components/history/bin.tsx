import "./table.css";
import { PredictionLink } from "@/components/prediction/prediction-link";
import { AnswerCells, AnswerHeads, CodeCell } from "@/components/prediction/prediction-rows";
import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import { SELECTION_FORM, SelectAllBox, SelectBox } from "@/components/ui/select-box";
import { ColumnHead, ScrollTable } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { BinRow } from "@/lib/contract";
import { daysLeft } from "@/lib/history/retention";
import { formatTime, type Locale } from "@/lib/locale";
import { SelectionCount } from "./selection-count";

/** What was deleted, when, and how long it can be restored, by who `mayChange` it. */
export function BinTable({
  rows,
  now,
  locale,
  mayChange,
}: {
  rows: readonly BinRow[];
  now: Date;
  locale: Locale;
  mayChange: boolean;
}) {
  return (
    <ScrollTable id="bin-caption" caption="Deleted predictions, last deleted first">
      <thead>
        <tr>
          {mayChange && <SelectAllBox ids={rows.map(({ id }) => id)} />}
          <ColumnHead>Case code</ColumnHead>
          <ColumnHead>Date</ColumnHead>
          <AnswerHeads />
          <ColumnHead>Deleted</ColumnHead>
          <ColumnHead numeric>Days left</ColumnHead>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            {mayChange && <SelectBox id={row.id} name={row.caseCode ?? formatTime(row.createdAt, locale)} />}
            <CodeCell code={row.caseCode} />
            <th scope="row" className="whitespace-nowrap">
              <PredictionLink {...row} locale={locale} />
            </th>
            <AnswerCells {...row} />
            <td className="whitespace-nowrap">
              <Timestamp at={row.deletedAt} locale={locale} />
            </td>
            <td className="numeric">{daysLeft(row.deletedAt, now)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** Restores the ticked rows or, where that is allowed, deletes them for ever after a second press; needs no script. */
export function BinBar({
  change,
  mayPurge,
}: {
  change: (form: FormData) => Promise<void>;
  mayPurge: boolean;
}) {
  return (
    <ActionForm
      id={SELECTION_FORM}
      action={change}
      aria-label="With the selected predictions"
      className="flex flex-wrap items-start gap-2 print:hidden"
    >
      <span className="mr-auto py-1 text-ink-2 max-sm:basis-full">
        <SelectionCount idle={`Tick rows to restore them${mayPurge ? " or to delete them for ever" : ""}.`} />
      </span>
      <Button type="submit" name="do" value="restore">
        Restore
      </Button>
      {mayPurge && (
        <details className="relative">
          <summary className={buttonClass()}>Delete for ever…</summary>
          <div className="mt-2 grid gap-2 rounded-field border border-line bg-surface p-3 sm:absolute sm:right-0 sm:z-10 sm:w-72 sm:shadow-lg">
            <p className="text-sm">
              The ticked predictions go for ever, with their notes and the record of their edits. Nobody can
              undo this.
            </p>
            <Button type="submit" kind="primary" className="justify-center" name="do" value="purge">
              Delete for ever
            </Button>
          </div>
        </details>
      )}
    </ActionForm>
  );
}
