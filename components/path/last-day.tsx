import { SmallTable } from "@/components/ui/small-table";
import { Timestamp } from "@/components/ui/timestamp";
import type { Locale } from "@/lib/locale";
import { formatMs } from "@/lib/path/path-status";

/** In milliseconds, on a logarithmic axis. */
const [FROM, TO] = [0.1, 10_000];
const TICKS = [
  { ms: 0.1, text: "0.1 ms" },
  { ms: 1, text: "1" },
  { ms: 10, text: "10" },
  { ms: 100, text: "100" },
  { ms: 1_000, text: "1 s" },
  { ms: 10_000, text: "10 s" },
];

/** Where a time lies on the axis, from 0 to 1. */
const placeOf = (ms: number) => Math.log(Math.min(Math.max(ms, FROM), TO) / FROM) / Math.log(TO / FROM);

/** Half and 95 % of the answers were within these milliseconds. */
export function Latency({ p50, p95 }: { p50: number; p95: number }) {
  const at = (ms: number) => `${(100 * placeOf(ms)).toFixed(2)}%`;
  // Away from the nearer end.
  const anchor = (ms: number) => (placeOf(ms) < 0.5 ? "start" : "end");
  return (
    <svg
      role="img"
      aria-label={`Half of the answers came within ${formatMs(p50)}, 95 percent within ${formatMs(p95)}.`}
      className="mx-4 block h-20 w-[calc(100%-2rem)] overflow-visible text-xs"
    >
      <text x={at(p50)} y="1em" textAnchor={anchor(p50)} className="fill-ink font-medium">
        half {formatMs(p50)}
      </text>
      <text x={at(p95)} y="2.3em" textAnchor={anchor(p95)} className="fill-ink font-medium">
        95 % {formatMs(p95)}
      </text>
      <line x1="0" x2="100%" y1="3.8em" y2="3.8em" className="stroke-ink-3" />
      <line x1={at(p50)} x2={at(p95)} y1="3.8em" y2="3.8em" className="stroke-3 stroke-ink" />
      <circle cx={at(p50)} cy="3.8em" r="6" className="fill-ink" />
      <circle cx={at(p95)} cy="3.8em" r="5" className="fill-surface stroke-2 stroke-ink" />
      {TICKS.map(({ ms, text }) => (
        <text key={ms} x={at(ms)} y="6em" textAnchor="middle" className="fill-ink-2">
          {text}
        </text>
      ))}
    </svg>
  );
}

/** Requests without an answer, by what went wrong. */
export function Failures({
  failures,
  locale,
}: {
  failures: readonly { reason: string; count: number; latest: Date; requestId: string }[];
  locale: Locale;
}) {
  return (
    <SmallTable
      scrolls
      caption="Failed predictions by what went wrong"
      heads={["What went wrong", "Times", "Last", "Its request id"]}
      rows={failures.map(({ reason, count, latest, requestId }) => [
        reason.replaceAll("_", " "),
        count,
        <Timestamp key="latest" at={latest} locale={locale} />,
        <span key="id" className="font-mono text-xs">
          {requestId}
        </span>,
      ])}
    />
  );
}
