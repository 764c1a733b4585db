import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SelectionProblem } from "@/app/history/selection-problem";
import { Page } from "@/components/ui/page";
import { parseTicked, SELECTION_ACTIONS, selectionAction } from "@/lib/history/selection";
import type { SearchParams } from "@/lib/list-address";

export const metadata: Metadata = { title: "Selection" };

/** Where the history's form arrives: goes on to what is to be done with the ticked rows. */
export default async function SelectionPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { do: name, ids, all } = await searchParams;
  const action = selectionAction.safeParse(name);
  const { path, least, most } = SELECTION_ACTIONS[action.data ?? "delete"];
  const parsed = parseTicked([ids ?? [], all ?? []].flat(), { least, most });
  if (action.success && parsed.ok) redirect(`${path}?ids=${parsed.value.join()}`);
  return (
    <Page title="Selection" back={{ href: "/history", name: "History" }}>
      <SelectionProblem message={parsed.ok ? "No action was chosen." : parsed.error.message} />
    </Page>
  );
}
