"use server";

import { notFound, redirect } from "next/navigation";
import * as z from "zod";
import { mappingForm } from "@/lib/batch/mapping-form";
import { batchHref, DEFAULT_BATCH_QUERY, parseBatchQuery } from "@/lib/batch/query";
import { searchParamsOf } from "@/lib/list-address";
import { whyNot, withNotice } from "@/lib/notices";
import { fail, type Result } from "@/lib/result";
import {
  changeMapping,
  deleteBatch,
  findBatch,
  pauseBatch,
  restoreBatch,
  resumeBatch,
  startBatch,
  stopBatch,
} from "@/lib/server/batch/batches";
import { keepRows } from "@/lib/server/batch/rows";
import { formAction, whyNotSaved } from "@/lib/server/form-action";

const CHANGES = {
  start: startBatch,
  pause: pauseBatch,
  resume: resumeBatch,
  stop: stopBatch,
  delete: deleteBatch,
  restore: restoreBatch,
};

const changeForm = z.object({
  id: z.uuid(),
  do: z.enum(Object.keys(CHANGES) as [keyof typeof CHANGES, ...(keyof typeof CHANGES)[]]),
});

/** Does with the form's batch what its button's `do` says; where its state no longer allows that, its page shows what it is. */
export async function changeBatchAction(form: FormData): Promise<void> {
  const parsed = changeForm.safeParse(Object.fromEntries(form));
  if (!parsed.success) notFound();
  const { id, do: change } = parsed.data;
  const page = `/batch/${id}`;
  const changed = await CHANGES[change](id);
  if (!changed.ok) redirect(withNotice(page, whyNot(changed.error, "batch_not_changed")));
  if (change === "delete") redirect(withNotice("/batch", "batch_deleted", id));
  redirect(change === "restore" ? withNotice(page, "batch_restored") : page);
}

/** Takes over which column is what, and leads to the batch, which is checked again. */
export const changeMappingAction = formAction(
  mappingForm,
  async ({ id, mapping }): Promise<Result<string, string>> => {
    const found = await findBatch(id);
    if (!found.ok) return fail(whyNotSaved(found.error));
    const width = found.value?.shape?.columns.length ?? 0;
    const columns = [...mapping.measurements, mapping.code ?? 0, mapping.truth?.column ?? 0];
    if (columns.some((at) => at >= width)) return fail(`The file has ${width} columns, and no more.`);
    const changed = await changeMapping(id, mapping);
    if (!changed.ok) return fail(whyNotSaved(changed.error));
    if (!changed.value) return fail("The columns of this batch can no longer be changed.");
    redirect(`/batch/${id}`);
  },
);

const MOST_KEPT = 500;
const rowNumbers = z
  .array(z.string().regex(/^[1-9]\d{0,9}$/))
  .min(1)
  .max(MOST_KEPT);
const keepForm = z.object({ id: z.uuid(), list: z.string().max(4_000) });

/** Saves the ticked rows in the history, and leads back to their list; one row's page leads to what was saved. */
export async function keepRowsAction(form: FormData): Promise<void> {
  const parsed = keepForm.safeParse(Object.fromEntries(form));
  const found = parsed.success ? await findBatch(parsed.data.id) : null;
  if (!parsed.success || found === null) notFound();
  const query = parseBatchQuery(searchParamsOf(new URLSearchParams(parsed.data.list)));
  const page = batchHref(parsed.data.id, query.ok ? query.value : DEFAULT_BATCH_QUERY);
  if (!found.ok) redirect(withNotice(page, "rows_not_kept"));
  if (found.value === null) notFound();
  const given = z.array(z.string()).parse([...form.getAll("ids"), ...form.getAll("all")]);
  const rows = rowNumbers.safeParse([...new Set(given.flatMap((text) => text.split(",")))]);
  if (!rows.success) redirect(withNotice(page, "rows_none"));
  const kept = await keepRows(found.value, rows.data.map(Number));
  if (!kept.ok) redirect(withNotice(page, whyNot(kept.error, "rows_not_kept")));
  const [one] = kept.value.kept;
  if (form.get("then") === "open" && one !== undefined) redirect(`/history/${one.id}`);
  redirect(withNotice(page, "rows_kept"));
}
