import { buttonClass } from "@/components/ui/button";

/** Links to the neighbouring pages of a list, null where there is none: the word stays, so that nothing moves. */
export function Pager({
  first,
  previous,
  next,
}: {
  first: string;
  previous: string | null;
  next: string | null;
}) {
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-2 print:hidden">
      {previous !== null && (
        <a href={first} className={buttonClass("quiet")}>
          First page
        </a>
      )}
      <PageLink href={previous} rel="prev">
        ← Previous
      </PageLink>
      <PageLink href={next} rel="next">
        Next →
      </PageLink>
    </nav>
  );
}

function PageLink({ href, rel, children }: { href: string | null; rel: "prev" | "next"; children: string }) {
  if (href === null) {
    return (
      <span className="inline-flex min-h-control items-center rounded-field border border-line px-3.5 text-ink-2">
        {children}
      </span>
    );
  }
  return (
    <a href={href} rel={rel} className={buttonClass()}>
      {children}
    </a>
  );
}
