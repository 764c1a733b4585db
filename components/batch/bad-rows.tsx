import { buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ColumnHead, ScrollTable } from "@/components/ui/table";
import type { Check } from "@/lib/batch/batch";
import { countRows } from "@/lib/format";

/** The rows that cannot be read, each with its line and column; nothing where all can. */
export function BadRows({ id, check: { bad, problems } }: { id: string; check: Check }) {
  if (bad === 0) return null;
  return (
    <Card
      id="not-read"
      title={`${countRows(bad)} not read`}
      caption="The other rows do without them. Lines are counted from 1, the line of names included."
    >
      <ScrollTable
        id="bad-rows"
        caption={bad > problems.length ? `The first ${problems.length}` : "All of them"}
      >
        <thead>
          <tr>
            <ColumnHead numeric>Line</ColumnHead>
            <ColumnHead>Column</ColumnHead>
            <ColumnHead>Text</ColumnHead>
            <ColumnHead>Reason</ColumnHead>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ line, column, text, reason }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes, in which lines can repeat.
            <tr key={index}>
              <td className="numeric w-0">{line.toLocaleString("en")}</td>
              <td className="whitespace-nowrap">{column ?? "the whole line"}</td>
              <td className="max-w-60 truncate font-mono text-[13px]">{text}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <p>
        <a href={`/batch/${id}/bad-rows`} download className={buttonClass()}>
          Download the rows not read
        </a>
      </p>
    </Card>
  );
}
