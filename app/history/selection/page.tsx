import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SelectionProblem } from "@/app/history/selection-problem";
import { BackLink } from "@/components/ui/back-link";
import type { SearchParams } from "@/lib/history/query";
import { parseIds, SELECTION_ACTIONS, selectionAction } from "@/lib/history/selection";

export const metadata: Metadata = { title: "Selection" };

/** Where the history's form arrives: goes on to what is to be done with the ticked rows. */
export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { do: name, ids, all } = await searchParams;
  const action = selectionAction.safeParse(name);
  // Both boxes of a row may be ticked: its own, and the one for the whole page.
  const ticked = [...new Set([ids ?? [], all ?? []].flat().flatMap((text) => text.split(",")))];
  const { path, least, most } = SELECTION_ACTIONS[action.data ?? "delete"];
  const parsed = parseIds(ticked, { least, most });
  if (action.success && parsed.ok) redirect(`${path}?ids=${parsed.value.join()}`);
  return (
    <div className="grid gap-3">
      <h1 className="font-semibold text-lg">Selection</h1>
      <BackLink />
      <SelectionProblem
        message={parsed.ok ? "It is not said what to do with the selection." : parsed.error.message}
      />
    </div>
  );
}
