import { buttonClass } from "@/components/ui/button";
import { Page } from "@/components/ui/page";
import { words } from "@/tables/current";

export default function NotFound() {
  return (
    <Page title="Page not found">
      <p>The address may be mistyped, or belong to another version of {words.app.name}.</p>
      <div className="flex flex-wrap gap-2">
        <a href="/" className={buttonClass("primary")}>
          New prediction
        </a>
        <a href="/history" className={buttonClass()}>
          History
        </a>
      </div>
    </Page>
  );
}
