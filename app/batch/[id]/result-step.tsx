import { headers } from "next/headers";
import { keepRowsAction } from "@/app/batch/actions";
import { May } from "@/app/may";
import { AnswersCard } from "@/components/batch/answers-card";
import { AsRead } from "@/components/batch/as-read";
import { BadRows } from "@/components/batch/bad-rows";
import { BatchTable } from "@/components/batch/batch-table";
import { ByProgram } from "@/components/batch/by-program";
import { Columns } from "@/components/batch/columns";
import { KeepBar } from "@/components/batch/keep-bar";
import { BatchToolbar, DownloadLinks } from "@/components/batch/toolbar";
import { TruthCard } from "@/components/batch/truth-card";
import { ProbabilityAxis } from "@/components/prediction/probability-axis";
import { buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chips } from "@/components/ui/chips";
import { NotRead } from "@/components/ui/not-read";
import { Notice } from "@/components/ui/notice";
import { Pager } from "@/components/ui/pager";
import { Timestamp } from "@/components/ui/timestamp";
import { againstTruth } from "@/lib/batch/answers";
import type { Batch } from "@/lib/batch/batch";
import { axisTally, rateText, totalOf } from "@/lib/batch/progress";
import {
  type BatchQuery,
  batchChips,
  batchHref,
  batchListText,
  NO_BATCH_FILTERS,
  parseBatchQuery,
} from "@/lib/batch/query";
import { countRows } from "@/lib/format";
import type { SearchParams } from "@/lib/list-address";
import { may } from "@/lib/server/access/actor";
import { listRows } from "@/lib/server/batch/rows";
import { readLocale } from "@/lib/server/locale";
import { table } from "@/tables/current";
import { backendName } from "./backend-name";
import { DeleteBatch } from "./change";

/** What came out of a batch: its answers as a whole, row by row, and against the truth of its file. */
export async function ResultStep({ batch, given }: { batch: Batch; given: SearchParams }) {
  const { id, tally, model, check, done, state, fileName, finishedAt, backend } = batch;
  const truth = againstTruth(tally, table.classes);
  const [locale, { host }] = await Promise.all([readLocale(), headers().then(hostOf)]);
  const rest = totalOf(batch) - done;
  return (
    <Columns
      side={
        <>
          <AnswersCard title="Answers" tally={tally} />
          {truth !== null && <TruthCard truth={truth} />}
          <Card
            title="Download"
            caption="All columns of the file in their order, and the answers behind them."
          >
            <DownloadLinks id={id} />
          </Card>
          <AsRead batch={batch} left={[]} />
          <ByProgram host={host} fileName={fileName} />
          <DeleteBatch id={id} />
        </>
      }
    >
      {check !== null && <TrainingNote count={check.trainingCases} of={check.rows - check.bad} />}
      {state === "stopped" && rest > 0 && (
        <Notice kind="caution" title={`Stopped: ${countRows(rest)} have no answer.`} />
      )}
      <Card
        title={`${done.toLocaleString("en")} answered`}
        caption={
          <>
            {fileName}
            {model !== null && ` · model ${model.version}`} · {backendName(backend)}
            {rateText(batch) !== "" && <span data-varies=""> · {rateText(batch)}</span>}
            {finishedAt !== null && (
              <>
                {" · "}
                <Timestamp at={finishedAt} locale={locale} />
              </>
            )}
            . Heights grow with the square root of the count.
          </>
        }
      >
        <ProbabilityAxis tally={axisTally(tally)} band={model?.uncertain ?? null} size="tall" what="rows" />
      </Card>
      <Cases batch={batch} given={given} />
      {check !== null && <BadRows id={id} check={check} />}
    </Columns>
  );
}

const hostOf = (all: Headers) => ({ host: all.get("host") ?? "localhost" });

function TrainingNote({ count, of }: { count: number; of: number }) {
  if (count === 0) return null;
  const number = (rows: number) => rows.toLocaleString("en");
  const title =
    count === of
      ? `All ${number(of)} rows are training cases.`
      : `${number(count)} of the ${number(of)} rows ${count === 1 ? "is a training case" : "are training cases"}.`;
  return (
    <Notice kind="caution" title={title}>
      <p>
        Their answers show how the model remembers, not how it does on new cases. For that, see the{" "}
        <a href="/model" className="underline decoration-ink-3 hover:decoration-ink">
          model card
        </a>
        .
      </p>
    </Notice>
  );
}

/** The rows, as the address asks for them. */
async function Cases({ batch, given }: { batch: Batch; given: SearchParams }) {
  const query = parseBatchQuery(given);
  if (!query.ok) {
    return (
      <Notice kind="error" role="alert" title="This address is not a page of this batch.">
        <p>{query.error.message}</p>
        <p className="mt-2">
          <a href={`/batch/${batch.id}`} className="underline underline-offset-4">
            Show the batch from the start
          </a>
        </p>
      </Notice>
    );
  }
  const page = await listRows(batch, query.value);
  return (
    <section aria-labelledby="cases" className="grid gap-3 [&>*]:min-w-0">
      <h2 id="cases" className="font-semibold text-base">
        Cases
      </h2>
      <BatchToolbar batch={batch} query={query.value} />
      <Chips
        chips={batchChips(query.value).map(({ label, without }) => ({
          label,
          href: batchHref(batch.id, without),
        }))}
        clear={batchHref(batch.id, query.value, { ...NO_BATCH_FILTERS, cursor: null })}
      />
      {page.ok ? (
        <Found batch={batch} query={query.value} page={page.value} />
      ) : (
        <NotRead what="The rows of this batch" />
      )}
    </section>
  );
}

type RowsPage = Extract<Awaited<ReturnType<typeof listRows>>, { ok: true }>["value"];

function Found({ batch, query, page }: { batch: Batch; query: BatchQuery; page: RowsPage }) {
  const { rows, previous, next, count } = page;
  if (rows.length === 0) {
    return (
      <div className="grid gap-3 rounded-card border border-line bg-surface p-6">
        <p>
          {query.view === "review" && batchChips(query).length === 0
            ? "No row is left to a person."
            : "No row matches."}
        </p>
        <p>
          <a
            href={batchHref(batch.id, query, { ...NO_BATCH_FILTERS, view: "all", cursor: null })}
            className={buttonClass()}
          >
            Show all rows
          </a>
        </p>
      </div>
    );
  }
  return (
    <>
      <BatchTable batch={batch} query={query} rows={rows} mayKeep={may("predict")} />
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <May permission="predict">
          <KeepBar id={batch.id} list={batchListText(query)} keep={keepRowsAction} />
        </May>
        <p className="ml-auto py-2 text-ink-2">{countRows(count)}</p>
        <Pager
          first={batchHref(batch.id, query, { cursor: null })}
          previous={previous && batchHref(batch.id, query, { cursor: previous })}
          next={next && batchHref(batch.id, query, { cursor: next })}
        />
      </div>
    </>
  );
}
