/** Ways out of the history and into it: what the current filters show as a file, and the page that takes one. */
export function ExportLinks({
  query,
}: {
  /** The parameters of the history's address. */
  query: readonly (readonly [name: string, value: string])[];
}) {
  const href = (own: Record<string, string>) =>
    `/history/export?${new URLSearchParams([...query.map(([name, value]) => [name, value]), ...Object.entries(own)])}`;
  return (
    <nav aria-label="Export and import" className="flex flex-wrap gap-x-3">
      {/* For spreadsheets, which take a file for UTF-8 only by the byte order mark. */}
      <a
        href={href({ format: "csv", bom: "1" })}
        download
        className="inline-block py-0.5 underline underline-offset-4"
      >
        Export CSV
      </a>
      <a
        href={href({ format: "csv", bom: "1", separator: "semicolon" })}
        download
        title="For spreadsheets of countries with a decimal comma"
        className="inline-block py-0.5 underline underline-offset-4"
      >
        Export CSV with ; and 0,5
      </a>
      <a
        href={href({ format: "jsonl" })}
        download
        className="inline-block py-0.5 underline underline-offset-4"
      >
        Export JSON lines
      </a>
      <a href="/history/import" className="inline-block py-0.5 underline underline-offset-4">
        Import
      </a>
    </nav>
  );
}
