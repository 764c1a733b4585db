import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { Fold } from "@/components/ui/fold";
import { Notice } from "@/components/ui/notice";
import { SmallTable } from "@/components/ui/small-table";
import type { Batch } from "@/lib/batch/batch";
import type { FileShape, Mapping, Proposal } from "@/lib/batch/mapping";
import { countRows, formatBytes } from "@/lib/format";
import { FEATURES, table } from "@/tables/current";

const NAMED = 12;

/** "a, b, c and 5 more" */
function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return names.slice(0, NAMED).join(", ") + more;
}

const nameOf = ({ columns }: FileShape, at: number) => columns[at] ?? `Column ${at + 1}`;

/** What a file was understood to be: format, columns, and what the check of all its rows found. */
export function AsRead({ batch, left }: { batch: Batch; left: Proposal["left"] }) {
  const { shape, mapping, check } = batch;
  if (shape === null) return null;
  const isIn = (at: number) =>
    at !== mapping?.code && at !== mapping?.truth?.column && !mapping?.measurements.includes(at);
  const others = mapping === null ? left : shape.columns.map((_, at) => at).filter(isIn);
  return (
    <Card title="As it was read">
      <Facts
        facts={[
          ["File", `${batch.fileName}, ${formatBytes(batch.bytes)}`],
          ["Format", formatOf(shape)],
          ["Columns", columnsOf(shape, mapping)],
          ...(others.length > 0
            ? [["Left out", listed(others.map((at) => nameOf(shape, at)))] as const]
            : []),
          ...(mapping === null
            ? []
            : [
                ["Decimal mark", mapping.decimal === "." ? "point" : "comma"] as const,
                ["Case code", mapping.code === null ? "none" : nameOf(shape, mapping.code)] as const,
                ["Truth", truthOf(shape, mapping, check)] as const,
              ]),
          ...(check === null
            ? []
            : [
                [
                  "Rows",
                  check.bad === 0
                    ? `${countRows(check.rows)}, all complete`
                    : `${countRows(check.rows)}, ${check.bad.toLocaleString("en")} of them not read`,
                ] as const,
                [
                  "Training cases",
                  `${check.trainingCases.toLocaleString("en")} of ${(check.rows - check.bad).toLocaleString("en")}`,
                ] as const,
              ]),
        ]}
      />
      {check?.warnings.map((warning) => (
        <Notice key={warning} kind="caution" title={warning} />
      ))}
      {check !== null && check.outside.length > 0 && (
        <Fold
          summary={`Beyond the training cases: ${check.outside.length} of ${FEATURES.length} ${table.nouns.values}`}
        >
          <SmallTable
            caption={`Rows outside the range of the training cases, by ${table.nouns.value}`}
            heads={[table.nouns.heading, "Rows"]}
            rows={check.outside.map(({ key, count }) => [
              FEATURES.find((feature) => feature.key === key)?.label ?? key,
              count.toLocaleString("en"),
            ])}
          />
        </Fold>
      )}
    </Card>
  );
}

const SEPARATORS: Record<string, string> = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars" };

function formatOf({ cameAs, delimiter, hasHeader }: FileShape): string {
  const separated = delimiter === "" ? "" : ` with ${SEPARATORS[delimiter] ?? `“${delimiter}”`}`;
  return `${cameAs}${separated}${hasHeader ? "" : ", without names"}`;
}

function columnsOf({ columns }: FileShape, mapping: Mapping | null): string {
  if (mapping === null) return `${columns.length}`;
  const parts = [
    `${mapping.measurements.length} ${table.nouns.values}`,
    mapping.code !== null && "1 case code",
    mapping.truth !== null && "1 truth",
  ];
  return `${columns.length}: ${parts.filter(Boolean).join(", ")}`;
}

function truthOf(shape: FileShape, { truth }: Mapping, check: Batch["check"]): string {
  if (truth === null) return "none";
  const name = nameOf(shape, truth.column);
  const counts = check?.truth;
  if (!counts) return `${name}, ${truth.positive} or ${truth.negative}`;
  const count = (number: number) => number.toLocaleString("en");
  const other = counts.other > 0 ? `, ${count(counts.other)} neither` : "";
  return `${name}: ${count(counts.positive)} ${truth.positive}, ${count(counts.negative)} ${truth.negative}${other}`;
}
