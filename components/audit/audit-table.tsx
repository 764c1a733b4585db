import type { ReactNode } from "react";
import { ColumnHead, ScrollTable } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import { ACTS } from "@/lib/access/audit";
import { type AuditFilters, auditHref } from "@/lib/access/audit-query";
import type { Locale } from "@/lib/locale";

/** An entry as the database has it; `name`: of the person or key, where they are still there. */
export type ShownEntry = {
  place: number;
  at: Date;
  actor_kind: string;
  actor_id: string | null;
  name: string | null;
  act: string;
  object: string | null;
  object_id: string | null;
  request_id: string | null;
  detail: string | null;
};

const link = "underline decoration-ink-3 hover:decoration-ink";

/** Entries, newest first, each with links to what it was done to and to all that the same person did. */
export function AuditTable({
  rows,
  filters,
  locale,
}: {
  rows: readonly ShownEntry[];
  filters: AuditFilters;
  locale: Locale;
}) {
  const only = (change: Partial<AuditFilters>) =>
    auditHref({ filters: { ...filters, ...change }, cursor: null });
  return (
    <ScrollTable id="audit" caption="Newest first. A name leads to all that the same person or key did.">
      <thead>
        <tr>
          <ColumnHead numeric>Place</ColumnHead>
          <ColumnHead>Time</ColumnHead>
          <ColumnHead>Who</ColumnHead>
          <ColumnHead>Act</ColumnHead>
          <ColumnHead>Done to</ColumnHead>
          <ColumnHead>More</ColumnHead>
          <ColumnHead>Request</ColumnHead>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.place}>
            <th scope="row" className="numeric">
              {row.place}
            </th>
            <td className="whitespace-nowrap">
              <Timestamp at={row.at} locale={locale} precise />
            </td>
            <td>
              {row.actor_id === null ? (
                KINDS[row.actor_kind]
              ) : (
                <a href={only({ who: row.actor_id })} className={link}>
                  {row.name ?? <Id>{row.actor_id}</Id>}
                  {row.actor_kind === "key" && " (key)"}
                </a>
              )}
            </td>
            <td className="whitespace-nowrap">{ACTS[row.act as keyof typeof ACTS] ?? row.act}</td>
            <td>
              <Done row={row} all={only} />
            </td>
            <td className="min-w-40">{row.detail !== null && inWords(row.detail)}</td>
            <td>{row.request_id !== null && <Id>{row.request_id}</Id>}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

const KINDS: Record<string, string> = { system: "the application", local: "whoever was at the machine" };
const PAGES: Record<string, string> = { prediction: "/history/", batch: "/batch/" };

function Done({ row, all }: { row: ShownEntry; all: (change: Partial<AuditFilters>) => string }) {
  const { object, object_id: id } = row;
  if (object === null || id === null) return null;
  const page = PAGES[object];
  return (
    <>
      {page === undefined ? (
        object
      ) : (
        <a href={page + id} className={link}>
          {object}
        </a>
      )}{" "}
      <a href={all({ object: id })} aria-label={`All that was done to ${object} ${id}`} className={link}>
        <Id>{id}</Id>
      </a>
    </>
  );
}

const Id = ({ children }: { children: ReactNode }) => (
  <span className="break-all font-mono text-[13px]">{children}</span>
);

/** A detail's names and values; what a later version wrote, too. */
function inWords(detail: string): string {
  const entries: [string, unknown][] = Object.entries(JSON.parse(detail));
  return entries
    .map(
      ([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") || "none" : (value ?? "none")}`,
    )
    .join("; ");
}
