import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { AnswersStep } from "@/app/batch/[id]/answers-step";
import { BatchForm, Change, NextChange } from "@/app/batch/[id]/change";
import { FileStep } from "@/app/batch/[id]/file-step";
import { ResultStep } from "@/app/batch/[id]/result-step";
import { BatchNotice } from "@/app/batch/batch-notice";
import { Steps } from "@/components/batch/steps";
import { Watch } from "@/components/batch/watch";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import type { BatchState } from "@/lib/batch/batch";
import { isAtRest, progressOf } from "@/lib/batch/progress";
import { batchId } from "@/lib/batch/query";
import type { SearchParams } from "@/lib/list-address";
import { findBatch } from "@/lib/server/batch/batches";
import { words } from "@/tables/current";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> };

const find = cache(async (given: string) => {
  const id = batchId.safeParse(given);
  return id.success ? findBatch(id.data) : null;
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const found = await find((await params).id);
  return { title: (found?.ok && found.value?.fileName) || "Batch" };
}

const STEP: Record<BatchState, 0 | 1 | 2> = {
  reading: 0,
  unread: 0,
  read: 0,
  running: 1,
  paused: 1,
  stopped: 2,
  finished: 2,
};

/** A batch at its present step: how its file was read, how far its answers have come, or what came out. */
export default async function BatchStepPage({ params, searchParams }: Props) {
  const found = await find((await params).id);
  if (found === null) notFound();
  if (!found.ok) {
    return (
      <Page title="Batch" back={{ href: "/batch", name: "Batches" }}>
        <NotRead what="This batch" />
      </Page>
    );
  }
  const batch = found.value;
  if (batch === null) notFound();
  const { notice, id, ...given } = await searchParams;
  const { state, deletedAt, fileName } = batch;
  const Step = [FileStep, AnswersStep, ResultStep][STEP[state]] ?? FileStep;
  return (
    <Watch id={batch.id} first={progressOf(batch)} title={`${fileName} · ${words.app.name}`}>
      {!isAtRest(batch) && (
        <noscript>
          <meta httpEquiv="refresh" content="2" />
        </noscript>
      )}
      <Page
        title="Batch"
        back={{ href: "/batch", name: "Batches" }}
        beside={<Steps at={STEP[state]} />}
        actions={deletedAt === null && <NextChange batch={batch} />}
      >
        <BatchNotice params={{ notice, id }} />
        {deletedAt !== null && (
          <Notice kind="caution" role="status" title="This batch is deleted.">
            <BatchForm id={batch.id}>
              <Change to="restore">Restore</Change>
            </BatchForm>
          </Notice>
        )}
        <Step batch={batch} given={given} />
      </Page>
    </Watch>
  );
}
