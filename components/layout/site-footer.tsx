import { Said } from "@/components/ui/said";
import { card, site, words } from "@/tables/current";

/** What runs here, what it learnt from, and where to read on. */
export function SiteFooter({
  version,
  model,
}: {
  version: string;
  model: { version: string; hash: string };
}) {
  const { link } = card.data;
  return (
    <footer className="flex flex-wrap gap-x-5 gap-y-1 border-line border-t px-4 pt-4 pb-6 text-ink-2 text-xs sm:px-6 print:hidden">
      <span>
        {words.app.name} {version}
      </span>
      <a href="/model" className="underline decoration-ink-3 hover:decoration-ink">
        Model {model.version}, {model.hash.slice(0, 8)}
      </a>
      <span>
        Data: <Said text={site.data} />{" "}
        {link !== undefined && (
          <a href={link.href} className="underline decoration-ink-3 hover:decoration-ink">
            {link.text}
          </a>
        )}
      </span>
      <a href="/api-docs" className="underline decoration-ink-3 hover:decoration-ink sm:ml-auto">
        API
      </a>
      <a href="/api/health" className="underline decoration-ink-3 hover:decoration-ink">
        Health
      </a>
    </footer>
  );
}
