import { type HistoryQuery, historyParameters } from "@/lib/history/query";

const LINK = "inline-flex min-h-7 items-center underline decoration-ink-3 hover:decoration-ink";

/** What the current filters show, as a file. */
export function ExportLinks({ query }: { query: HistoryQuery }) {
  const href = (own: Record<string, string>) =>
    `/history/export?${new URLSearchParams([...historyParameters(query), ...Object.entries(own)])}`;
  return (
    <>
      {/* For spreadsheets, which take a file for UTF-8 only by the byte order mark. */}
      <a href={href({ format: "csv", bom: "1" })} download className={LINK}>
        Export CSV
      </a>
      <a
        href={href({ format: "csv", bom: "1", separator: "semicolon" })}
        download
        title="For spreadsheets of countries with a decimal comma"
        className={LINK}
      >
        Export CSV with ; and 0,5
      </a>
      <a href={href({ format: "jsonl" })} download className={LINK}>
        Export JSON lines
      </a>
    </>
  );
}
