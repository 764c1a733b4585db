import { changeMappingAction } from "@/app/batch/actions";
import { May } from "@/app/may";
import { AsRead } from "@/components/batch/as-read";
import { BadRows } from "@/components/batch/bad-rows";
import { Columns } from "@/components/batch/columns";
import { FirstRows } from "@/components/batch/first-rows";
import { HowRead } from "@/components/batch/how-read";
import { MappingForm } from "@/components/batch/mapping-form";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import type { Batch } from "@/lib/batch/batch";
import { mappingTexts } from "@/lib/batch/mapping-form";
import { SECTIONS } from "@/lib/prediction/layout";
import { NEGATIVE, POSITIVE } from "@/lib/prediction/words";
import { proposalOf } from "@/lib/server/batch/batches";
import { describeCost } from "@/lib/server/batch/transform-target";
import { DeleteBatch } from "./change";

/** How a file was read, and what a person may change of that before its rows are answered. */
export function FileStep({ batch }: { batch: Batch }) {
  const { id, state, fileName, problem, shape, check } = batch;
  if (state === "reading") {
    return (
      <Card title="Reading the file">
        <p role="status" className="break-words">
          Every row of {fileName} is read and checked. You may leave this page, it goes on.
        </p>
        <progress aria-label="Reading the file" className="h-2 w-full accent-ink" />
      </Card>
    );
  }
  const proposal = shape === null ? null : proposalOf(batch);
  const mapping = batch.mapping ?? proposal?.mapping;
  const cost = state === "read" ? describeCost(batch) : null;
  return (
    <Columns
      side={
        <>
          <AsRead batch={batch} left={proposal?.left ?? []} />
          {state === "unread" && <HowRead />}
          <DeleteBatch id={id} />
        </>
      }
    >
      {problem !== null && (
        <Notice kind="error" role="alert" title={problem}>
          {shape !== null && (
            <May permission="predict">
              <p>Say below which column is what, or choose another file.</p>
            </May>
          )}
        </Notice>
      )}
      {cost !== null && (
        <Notice kind="caution" title="SageMaker will answer these rows">
          <p>{cost}</p>
        </Notice>
      )}
      {shape !== null && mapping !== undefined && (
        <>
          <FirstRows shape={shape} mapping={mapping} />
          <May permission="predict">
            <Card
              title="Which column is what"
              caption="Columns are found by their names. Change what was not meant so, and the file is read again."
            >
              <details open={state === "unread"}>
                <summary className="inline-flex min-h-6 items-center underline decoration-ink-3 underline-offset-4 hover:decoration-ink">
                  Change the columns
                </summary>
                <div className="mt-3">
                  <MappingForm
                    columns={shape.columns}
                    groups={SECTIONS.map(({ label, features }) => ({
                      name: label ?? "Columns of the table",
                      fields: features,
                    }))}
                    words={{ positive: POSITIVE.word, negative: NEGATIVE.word }}
                    texts={mappingTexts(id, mapping)}
                    action={changeMappingAction}
                  />
                </div>
              </details>
            </Card>
          </May>
        </>
      )}
      {check !== null && <BadRows id={id} check={check} />}
    </Columns>
  );
}
