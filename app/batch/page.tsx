import type { Metadata } from "next";
import { connection } from "next/server";
import { BatchNotice } from "@/app/batch/batch-notice";
import { May } from "@/app/may";
import { Columns } from "@/components/batch/columns";
import { FileCard } from "@/components/batch/file-card";
import { HowRead } from "@/components/batch/how-read";
import { RecentBatches } from "@/components/batch/recent";
import { Steps } from "@/components/batch/steps";
import { Button, buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { NotRead } from "@/components/ui/not-read";
import { Page } from "@/components/ui/page";
import { formatBytes } from "@/lib/format";
import type { SearchParams } from "@/lib/list-address";
import { cellText } from "@/lib/prediction/value";
import { listBatches, MOST_UPLOAD_BYTES } from "@/lib/server/batch/batches";
import { readLocale } from "@/lib/server/locale";
import { TRAINING_DATA } from "@/lib/server/model/training-data";
import { FEATURE_KEYS, FEATURES, SAMPLES, table } from "@/tables/current";

export const metadata: Metadata = { title: "Batch" };

/** Takes a file of cases, and lists the latest ones. */
export default async function BatchPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  // Not at build time, when there is no database.
  await connection();
  const [params, batches, locale] = await Promise.all([searchParams, listBatches(), readLocale()]);
  return (
    <Page title="Batch" beside={<Steps at={0} />}>
      <Columns
        side={
          <>
            <HowRead />
            {batches.ok ? (
              <RecentBatches batches={batches.value} locale={locale} />
            ) : (
              <NotRead what="The list of batches" />
            )}
          </>
        }
      >
        <May permission="predict" isSaid>
          <FileCard
            mostBytes={MOST_UPLOAD_BYTES}
            lead={`CSV with commas, semicolons or tabs, JSON lines, XLSX or Parquet, as it is or packed with gzip or zip: ${FEATURES.length} ${table.nouns.values} a row, up to ${formatBytes(MOST_UPLOAD_BYTES)}. Nothing is answered before you have seen how it was read.`}
          />
        </May>
        <BatchNotice params={params} />
        <FileExample />
      </Columns>
    </Page>
  );
}

function FileExample() {
  const names = ["code", ...FEATURE_KEYS.slice(0, 4), "…", FEATURE_KEYS.at(-1)].join();
  const rows = SAMPLES.slice(0, 2).map(({ values }, at) => {
    const cells = FEATURES.map((feature) => cellText(feature, values[feature.index] ?? Number.NaN));
    return [`B-${301 + at}`, ...cells.slice(0, 4), "…", cells.at(-1)].join();
  });
  return (
    <Card
      title="What a file looks like"
      caption={`With a line of names, columns are found by name in any order. Without one, ${FEATURES.length} ${FEATURES.every(({ type }) => type === "number") ? "numbers" : "values"} are read in the order of the data set.`}
    >
      <pre
        // Scrolled with the arrow keys, so it takes the focus.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a mouse
        tabIndex={0}
        className="overflow-x-auto rounded-field border border-line bg-sunken px-3.5 py-3 font-mono text-xs leading-5"
      >
        {[names, ...rows].join("\n")}
      </pre>
      <div className="flex flex-wrap gap-2">
        <a href="/batch/empty" download className={buttonClass()}>
          Download an empty file
        </a>
        <May permission="predict">
          <form action="/batch/data-set" method="post">
            <Button type="submit">
              Try the {TRAINING_DATA.features.length.toLocaleString("en")} cases of the data set
            </Button>
          </form>
        </May>
      </div>
    </Card>
  );
}
