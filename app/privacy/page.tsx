import type { Metadata } from "next";
import { connection } from "next/server";
import { May } from "@/app/may";
import { caseAction } from "@/app/privacy/actions";
import { CaseForm } from "@/components/privacy/case-form";
import { Card } from "@/components/ui/card";
import { Page } from "@/components/ui/page";
import { BIN_DAYS } from "@/lib/history/retention";
import { asksForSignIn } from "@/lib/server/access/actor";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { table } from "@/tables/current";

export const metadata: Metadata = { title: "Everything of one case" };

export default async function PrivacyPage() {
  await connection();
  const isSqlite = kindOfDatabase() === "sqlite";
  return (
    <Page
      title="Everything of one case"
      back={{ href: "/path", name: "Path" }}
      lead="All that is kept under one case code, as a file; or gone for ever."
    >
      <May permission="administer" isSaid>
        <Card title="Which case" caption="Letter by letter as it was entered: B-17 is not b-17.">
          <CaseForm action={caseAction} />
        </Card>
        <Card title="What erasing does not reach">
          <ul className="list-disc pl-5">
            <li>Backups, copies and files that were exported: erase there too, or restore none of them.</li>
            <li>
              Files in the inbox of batches, and what was sent to another server: the page “Path” says what
              that is.
            </li>
            <li>
              The log{asksForSignIn() && " and the audit"}: {asksForSignIn() ? "they name" : "it names"} a
              prediction by its id, never a case code or a {table.nouns.value}.
            </li>
            <li>
              What a browser keeps of a case that is being typed, until{" "}
              {asksForSignIn() ? "its person signs out" : "its tab is closed"}.
            </li>
            {isSqlite ? (
              <li>
                The database’s file is written anew each time, without what was deleted. Saving waits
                meanwhile, and it takes as much room on the disk as the file.
              </li>
            ) : (
              <li>
                PostgreSQL’s own files: VACUUM frees the room of what was deleted, and its bytes are there
                until others are written over them. VACUUM FULL writes a table anew; archived logs and
                replicas keep their own time.
              </li>
            )}
          </ul>
          <p className="text-ink-2">
            One prediction goes from its page or the bin, where it stays for {BIN_DAYS} days.
          </p>
        </Card>
      </May>
    </Page>
  );
}
