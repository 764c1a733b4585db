import { Card } from "@/components/ui/card";
import { Timestamp } from "@/components/ui/timestamp";
import type { Batch, BatchState } from "@/lib/batch/batch";
import { totalOf } from "@/lib/batch/progress";
import type { Locale } from "@/lib/locale";

const STATES: Record<BatchState, string> = {
  reading: "being read",
  unread: "needs you",
  read: "waits for you",
  running: "running",
  paused: "paused",
  stopped: "stopped",
  finished: "finished",
};

/** The latest batches, newest first. */
export function RecentBatches({ batches, locale }: { batches: readonly Batch[]; locale: Locale }) {
  return (
    <Card title="Recent batches">
      {batches.length === 0 ? (
        <p className="text-ink-2">None yet. A batch stays here with its file name until you delete it.</p>
      ) : (
        <ul>
          {batches.map((batch) => (
            <li key={batch.id} className="border-line border-t py-2">
              <a href={`/batch/${batch.id}`} className="break-all font-medium underline decoration-ink-3">
                {batch.fileName}
              </a>
              <p className="text-ink-2 text-xs">
                {STATES[batch.state]}
                {batch.check !== null && ` · ${rowsText(batch)}`} ·{" "}
                <Timestamp at={batch.createdAt} locale={locale} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function rowsText(batch: Batch): string {
  const total = totalOf(batch);
  const number = (count: number) => count.toLocaleString("en");
  return batch.done === total || batch.done === 0
    ? `${number(total)} rows`
    : `${number(batch.done)} of ${number(total)} rows`;
}
