import { ColumnHead, ScrollTable } from "@/components/ui/table";
import type { FileShape, Proposal } from "@/lib/batch/mapping";
import { FEATURES } from "@/tables/current";

const ROWS = 3;
/** Enough columns to see how a file was read, which may have thousands. */
const MOST_COLUMNS = 100;

/** The first rows of a file as they stand in it, each column under what it was taken for. */
export function FirstRows({ shape, mapping }: { shape: FileShape; mapping: Proposal["mapping"] }) {
  const columns = shape.columns.slice(0, MOST_COLUMNS);
  const meaningOf = (at: number) => {
    if (at === mapping.code) return "Case code";
    if (at === mapping.truth?.column) return "Truth";
    return FEATURES[mapping.measurements.indexOf(at)]?.label ?? "Left out";
  };
  const cut =
    shape.columns.length > MOST_COLUMNS
      ? `: the first ${MOST_COLUMNS} of ${shape.columns.length.toLocaleString("en")} columns`
      : "";
  return (
    <ScrollTable id="first-rows" caption={`The first rows of the file${cut}`}>
      <thead>
        <tr>
          {columns.map((name, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns of a file never change places, and two can have one name.
            <ColumnHead key={at}>
              <span className="block whitespace-nowrap text-ink">{meaningOf(at)}</span>
              <span className="block whitespace-nowrap font-mono font-normal">{name}</span>
            </ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {shape.firstRows.slice(0, ROWS).map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows that never change, in which cells can repeat.
          <tr key={index}>
            {columns.map((_, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above.
              <td key={at} className="max-w-60 truncate whitespace-nowrap font-mono text-[13px]">
                {row[at] ?? ""}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
