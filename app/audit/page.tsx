import type { Metadata } from "next";
import { May } from "@/app/may";
import { AuditFilterForm } from "@/components/audit/audit-filters";
import { AuditTable } from "@/components/audit/audit-table";
import { buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { Pager } from "@/components/ui/pager";
import { type AuditQuery, auditChips, auditHref, parseAuditQuery } from "@/lib/access/audit-query";
import type { SearchParams } from "@/lib/list-address";
import { asksForSignIn } from "@/lib/server/access/actor";
import { AUDIT_FORMATS, listAudit } from "@/lib/server/access/audit-list";
import { readLocale } from "@/lib/server/locale";

export const metadata: Metadata = { title: "Audit" };

const FILES = { csv: "CSV", jsonl: "JSON lines" } as const;

/** Who did what in this team, for its administrators. */
export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const query = parseAuditQuery(await searchParams);
  return (
    <Page
      title="Audit"
      width="history"
      lead="Who did what in this team, and when. Nobody can change or delete an entry, and no entry has a value or a note of a case in it."
    >
      <May permission="administer" isSaid>
        {query.ok ? (
          <Audit query={query.value} />
        ) : (
          <Notice kind="error" role="alert" title="This address is not a page of the audit.">
            <p>{query.error}</p>
            <p className="mt-2">
              <a href="/audit" className="underline underline-offset-4">
                Show the audit from its newest entry
              </a>
            </p>
          </Notice>
        )}
      </May>
    </Page>
  );
}

async function Audit({ query }: { query: AuditQuery }) {
  if (!asksForSignIn()) {
    return (
      <Card title="Nothing is recorded">
        <p>Nobody signs in here, so there is nobody to record. Where people sign in, each act is.</p>
      </Card>
    );
  }
  const page = await listAudit(query);
  if (!page.ok) return <NotRead what="The audit" />;
  const { filters } = query;
  const { rows, newer, older } = page.value;
  const at = (cursor: AuditQuery["cursor"]) => auditHref({ filters, cursor });
  return (
    <>
      <AuditFilterForm filters={filters} />
      {rows.length === 0 ? (
        <Card title={auditChips(filters).length > 0 ? "No entry matches" : "No entry on this page"}>
          <p>
            <a href="/audit" className={buttonClass()}>
              Show all entries
            </a>
          </p>
        </Card>
      ) : (
        <>
          <AuditTable rows={rows} filters={filters} locale={await readLocale()} />
          <div className="flex flex-wrap items-center justify-between gap-3 print:hidden">
            <p className="flex flex-wrap gap-2">
              {AUDIT_FORMATS.map((format) => (
                <a
                  key={format}
                  href={auditHref({ filters, cursor: null }, "/audit/export", [["format", format]])}
                  download
                  className={buttonClass()}
                >
                  Export as {FILES[format]}
                </a>
              ))}
            </p>
            <Pager first={at(null)} previous={newer && at(newer)} next={older && at(older)} />
          </div>
        </>
      )}
    </>
  );
}
