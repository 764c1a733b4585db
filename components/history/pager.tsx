import { buttonClass } from "@/components/ui/button";
import { type Cursor, type HistoryQuery, historyHref } from "@/lib/history/query";

/** Links to the neighbouring pages; where there is none, the word stays so that nothing moves. */
export function Pager({
  query,
  previous,
  next,
}: {
  query: HistoryQuery;
  previous: Cursor | null;
  next: Cursor | null;
}) {
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-2 print:hidden">
      {previous !== null && (
        <a href={historyHref(query, { cursor: null })} className={buttonClass("quiet")}>
          First page
        </a>
      )}
      <PageLink query={query} cursor={previous}>
        ← Previous
      </PageLink>
      <PageLink query={query} cursor={next}>
        Next →
      </PageLink>
    </nav>
  );
}

function PageLink({
  query,
  cursor,
  children,
}: {
  query: HistoryQuery;
  cursor: Cursor | null;
  children: string;
}) {
  if (cursor === null) {
    return (
      <span className="inline-flex min-h-control items-center rounded-field border border-line px-3.5 text-ink-2">
        {children}
      </span>
    );
  }
  return (
    <a
      href={historyHref(query, { cursor })}
      rel={cursor.towards === "next" ? "next" : "prev"}
      className={buttonClass()}
    >
      {children}
    </a>
  );
}
