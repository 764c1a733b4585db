import { buttonClass } from "@/components/ui/button";
import { Page } from "@/components/ui/page";
import { BIN_DAYS } from "@/lib/history/retention";

export default function NotFound() {
  return (
    <Page
      title="This prediction is not here"
      lead={`It may have been deleted: deleted predictions stay in the bin for ${BIN_DAYS} days. Or its address may be incomplete.`}
    >
      <p className="flex flex-wrap gap-2">
        <a href="/history" className={buttonClass()}>
          History
        </a>
        <a href="/history/bin" className={buttonClass()}>
          Bin
        </a>
      </p>
    </Page>
  );
}
