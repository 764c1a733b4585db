import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { tryValues } from "@/app/actions";
import { keepRowsAction } from "@/app/batch/actions";
import { BatchNotice } from "@/app/batch/batch-notice";
import { May } from "@/app/may";
import { nameOfRow } from "@/components/batch/batch-table";
import { Answer } from "@/components/prediction/answer";
import { CaseDrawing } from "@/components/prediction/drawing";
import { TryRescaled } from "@/components/prediction/try-rescaled";
import { ValuesTable } from "@/components/prediction/values-table";
import { Neighbours } from "@/components/review/neighbours";
import { ActionForm } from "@/components/ui/action-form";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { Fold } from "@/components/ui/fold";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import type { Batch, BatchRow } from "@/lib/batch/batch";
import {
  type BatchQuery,
  type BatchSort,
  batchHref,
  batchId,
  batchListText,
  DEFAULT_BATCH_QUERY,
  parseBatchQuery,
} from "@/lib/batch/query";
import { identityOf, type ModelIdentity, type UnsavedPrediction } from "@/lib/contract";
import { type SearchParams, searchParamsOf } from "@/lib/list-address";
import { answerOf } from "@/lib/prediction/words";
import { findBatch } from "@/lib/server/batch/batches";
import { findKept, findRow, listRows } from "@/lib/server/batch/rows";
import { placed } from "@/lib/server/model/placement";
import { predictOnly } from "@/lib/server/predict/predict-and-save";
import { drawing, FEATURE_KEYS, FEATURES, table } from "@/tables/current";

type Props = { params: Promise<{ id: string; row: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Row ${(await params).row.slice(0, 10)}` };
}

/** One row of a batch, with its answer and its reasons as any case has them. */
export default async function BatchRowPage({ params, searchParams }: Props) {
  const { id: givenId, row: givenRow } = await params;
  const id = batchId.safeParse(givenId);
  if (!id.success || !/^[1-9]\d{0,9}$/.test(givenRow)) notFound();
  const found = await findBatch(id.data);
  if (found.ok && found.value === null) notFound();
  const row = found.ok && found.value !== null ? await findRow(found.value, Number(givenRow)) : null;
  if (!found.ok || found.value === null || row === null || !row.ok) {
    return (
      <Page title="Row" back={{ href: `/batch/${id.data}`, name: "Batch" }}>
        <NotRead what="This row" />
      </Page>
    );
  }
  if (row.value === null) notFound();
  return <Row batch={found.value} row={row.value} given={await searchParams} />;
}

async function Row({ batch, row, given }: { batch: Batch; row: BatchRow; given: SearchParams }) {
  const query = readList(given.in);
  const [{ prediction, note }, kept, beside] = await Promise.all([
    answerTo(batch, row),
    findKept(batch, row.row),
    neighbours(batch, row, query),
  ]);
  const name = nameOfRow(row);
  const list = batchListText(query);
  return (
    <Page
      title={row.code || `Row ${row.row.toLocaleString("en")}`}
      back={{ href: batchHref(batch.id, query), name: batch.fileName }}
      lead={
        row.truth === null
          ? `Row ${row.row.toLocaleString("en")} of the file.`
          : `Row ${row.row.toLocaleString("en")} of the file, ${answerOf(row.truth).word} in truth.`
      }
      actions={
        <>
          <Neighbours place={{ position: null }} {...beside} />
          {kept.ok && kept.value !== null ? (
            <a href={`/history/${kept.value}`} className={buttonClass()}>
              Open it in the history
            </a>
          ) : (
            <May permission="predict">
              <ActionForm action={keepRowsAction} className="flex flex-wrap gap-2">
                <input type="hidden" name="id" value={batch.id} />
                <input type="hidden" name="list" value={list} />
                <input type="hidden" name="ids" value={row.row} />
                <input type="hidden" name="then" value="open" />
                <Button type="submit">Keep in the history</Button>
              </ActionForm>
            </May>
          )}
        </>
      }
    >
      <BatchNotice params={given} />
      {note !== null && <Notice kind="caution" title={note} />}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 min-[62.5rem]:grid-cols-[minmax(0,1fr)_21.25rem] sm:gap-6">
        <Answer
          prediction={placed(prediction)}
          of={name}
          under={({ scale }) => (
            <TryRescaled
              scale={scale}
              values={row.values}
              typicality={prediction.typicality}
              ask={tryValues}
            />
          )}
        />
        {drawing !== null && (
          <Card title="What it looks like" className="self-start">
            <CaseDrawing values={row.values} size={280} />
          </Card>
        )}
      </div>
      <Card title={`The ${FEATURES.length} ${table.nouns.values}`}>
        <ValuesTable values={row.values} />
        <OtherColumns batch={batch} row={row} />
      </Card>
    </Page>
  );
}

/** What the file says of the case beside the measurements. */
function OtherColumns({ batch: { shape, mapping }, row }: { batch: Batch; row: BatchRow }) {
  const others = (shape?.columns ?? []).flatMap((name, at) =>
    mapping?.measurements.includes(at) ? [] : [[name, row.cells[at] ?? ""] as const],
  );
  if (others.length === 0) return null;
  return (
    <Fold summary={`The other columns of the file: ${others.length}`}>
      <Facts facts={others} />
    </Fold>
  );
}

/** The list that a row's address names; what is left to a person where it names none that can be read. */
function readList(given: string | string[] | undefined): BatchQuery {
  const parsed =
    typeof given === "string" ? parseBatchQuery(searchParamsOf(new URLSearchParams(given))) : null;
  return parsed?.ok ? parsed.value : DEFAULT_BATCH_QUERY;
}

/** The answer with its reasons by the model in use; the batch's own where that is another, or does not answer. */
async function answerTo(
  { model, backend }: Batch,
  row: BatchRow,
): Promise<{ prediction: UnsavedPrediction; note: string | null }> {
  const anew = await predictOnly(row.values);
  if (anew.ok && (model === null || identityOf(identityIn(anew.value)) === identityOf(model))) {
    return { prediction: anew.value, note: null };
  }
  const { probability, diagnosis, label, cautions, values } = row;
  return {
    prediction: {
      ...{ probability, diagnosis, label, cautions, values, backend },
      ...{ base: null, contributions: null, typicality: null, source: "form", latencyMs: 0 },
      modelName: model?.name ?? "",
      modelVersion: model?.version ?? "",
      modelHash: model?.hash ?? null,
      threshold: model?.threshold ?? null,
      uncertain: model?.uncertain ?? null,
    },
    note: anew.ok
      ? "This is the batch's own answer. The model in use is another one, so it has no reasons."
      : `This is the batch's own answer, without reasons. ${anew.error.what}`,
  };
}

const identityIn = (one: UnsavedPrediction): ModelIdentity => ({
  name: one.modelName,
  version: one.modelVersion,
  hash: one.modelHash,
  threshold: one.threshold,
  uncertain: one.uncertain,
});

/** The addresses of the rows before and after in the list; null at an end, or where they cannot be read. */
async function neighbours(batch: Batch, row: BatchRow, query: BatchQuery) {
  const value = sortedValue(row, query.sort);
  const list = batchListText(query);
  const beside = async (towards: "previous" | "next") => {
    const page = await listRows(batch, {
      ...query,
      size: 25,
      cursor: { towards, value, row: row.row },
    });
    const rows = page.ok ? page.value.rows : [];
    // Near the start, the page before a row is the first one, which may have the row itself.
    const at = rows.findIndex(({ row: number }) => number === row.row);
    const other = towards === "next" ? rows[0] : at < 0 ? rows.at(-1) : rows[at - 1];
    if (other === undefined) return null;
    return `/batch/${batch.id}/rows/${other.row}${list === "" ? "" : `?in=${encodeURIComponent(list)}`}`;
  };
  const [previous, next] = await Promise.all([beside("previous"), beside("next")]);
  return { previous, next };
}

function sortedValue(row: BatchRow, sort: BatchSort): string | number | null {
  if (sort === "row" || sort === "code" || sort === "probability" || sort === "truth") return row[sort];
  if (sort === "answer") return row.label ?? row.diagnosis;
  return row.values[FEATURE_KEYS.indexOf(sort)] ?? null;
}
