import type { ReactNode } from "react";
import { formatProbability } from "@/components/prediction/diagnosis";
import { SelectAllBox } from "@/components/ui/select-box";
import { ScrollTable } from "@/components/ui/table";
import type { Batch, BatchRow } from "@/lib/batch/batch";
import { type BatchQuery, type BatchSort, batchHref, batchListText, sortBatchBy } from "@/lib/batch/query";
import { label } from "@/lib/contract";
import { alignDecimals } from "@/lib/history/rows";
import { cautionWords } from "@/lib/prediction/cautions";
import { valueText } from "@/lib/prediction/value";
import { answerOf, POSITIVE } from "@/lib/prediction/words";
import { FEATURES } from "@/tables/current";
import { BatchRows } from "./batch-rows";

const LABELS: Record<string, string> = {
  row: "row",
  code: "case",
  answer: "answer",
  probability: "probability",
  truth: "truth",
  ...Object.fromEntries(FEATURES.map(({ key, label }) => [key, label])),
};

const ANSWERS = Object.fromEntries(label.options.map((one) => [one, answerOf(one)]));

/** What a row is called: its code, or its number in the file. */
export const nameOfRow = ({ code, row }: Pick<BatchRow, "code" | "row">) =>
  code || `row ${row.toLocaleString("en")}`;

/** One page of a batch's rows, with a sorting link in the head of each column that can sort. */
export function BatchTable({
  batch,
  query,
  rows,
  mayKeep,
}: {
  batch: Batch;
  query: BatchQuery;
  rows: readonly BatchRow[];
  /** Whether rows can be ticked, to be kept in the history. */
  mayKeep: boolean;
}) {
  const { columns: names } = batch.shape ?? { columns: [] };
  const extra = query.extra.filter((at) => at < names.length);
  const hasTruth = batch.mapping?.truth !== null;
  const list = batchListText(query);
  const within = list === "" ? "" : `?in=${encodeURIComponent(list)}`;
  const values = FEATURES.filter(({ key }) => query.columns.includes(key)).map((feature) =>
    alignDecimals(rows.map((row) => valueText(feature, row.values[feature.index] ?? Number.NaN))),
  );
  return (
    <ScrollTable
      id="rows-caption"
      caption={`Rows by ${LABELS[query.sort]}, ${query.direction}`}
      className="[&_tbody_tr:has(.bo_:checked)]:bg-selected"
    >
      <thead>
        <tr>
          {mayKeep && <SelectAllBox ids={rows.map(({ row }) => String(row))} />}
          <SortHead id={batch.id} query={query} column={batch.mapping?.code === null ? "row" : "code"}>
            Case
          </SortHead>
          <SortHead id={batch.id} query={query} column="answer">
            Answer
          </SortHead>
          <SortHead id={batch.id} query={query} column="probability" numeric>
            Probability<span className="sr-only"> of {POSITIVE.word}</span>
          </SortHead>
          {hasTruth && (
            <SortHead id={batch.id} query={query} column="truth">
              Truth in file
            </SortHead>
          )}
          {query.columns.map((key) => (
            <SortHead key={key} id={batch.id} query={query} column={key} numeric>
              {LABELS[key]}
            </SortHead>
          ))}
          {extra.map((at) => (
            <th key={at} scope="col" className={HEAD}>
              {names[at]}
            </th>
          ))}
          <th scope="col" className={HEAD}>
            Cautions
          </th>
        </tr>
      </thead>
      <BatchRows
        href={`/batch/${batch.id}/rows/`}
        within={within}
        answers={ANSWERS}
        hasTruth={hasTruth}
        mayKeep={mayKeep}
        rows={rows.map((row, at) => ({
          row: row.row,
          name: nameOfRow(row),
          answer: row.label ?? row.diagnosis,
          probability: formatProbability(row.probability, batch.model?.threshold ?? null),
          truth: row.truth === null ? "" : answerOf(row.truth).word,
          isWrong: row.truth !== null && row.truth !== row.diagnosis,
          cautions: (row.cautions ?? []).map(cautionWords).join(", "),
          values: values.map((column) => column[at] ?? ""),
          extra: extra.map((column) => row.cells[column] ?? ""),
        }))}
      />
    </ScrollTable>
  );
}

const HEAD =
  "whitespace-nowrap border-line border-y bg-sunken px-4 py-2 text-left font-medium text-ink-2 text-xs";

function SortHead({
  id,
  query,
  column,
  numeric = false,
  children,
}: {
  id: string;
  query: BatchQuery;
  column: BatchSort;
  numeric?: boolean;
  children: ReactNode;
}) {
  const isSorted = query.sort === column;
  return (
    <th
      scope="col"
      aria-sort={isSorted ? query.direction : undefined}
      className={`${HEAD} ${numeric ? "text-right!" : ""}`}
    >
      <a href={batchHref(id, sortBatchBy(query, column))} className="inline-block py-1 hover:underline">
        {children}
        {isSorted && <span aria-hidden="true"> {query.direction === "ascending" ? "↑" : "↓"}</span>}
      </a>
    </th>
  );
}
