import type { ReactNode } from "react";

const WIDTHS = { form: "max-w-(--w-form)", article: "max-w-(--w-article)", history: "max-w-(--w-history)" };

/**
 * A page under its title: `back` leads to the list that it belongs to, `beside` stands by the title, such as a count, `lead`
 * below it, `actions` at the other end of the line.
 */
export function Page({
  title,
  width = "article",
  back,
  beside,
  lead,
  actions,
  children,
}: {
  title: ReactNode;
  width?: keyof typeof WIDTHS;
  back?: { href: string; name: string };
  beside?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={`mx-auto grid gap-4 sm:gap-5 [&>*]:min-w-0 print:gap-2 ${WIDTHS[width]}`}>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          {back !== undefined && (
            <p className="text-ink-2 text-xs print:hidden">
              <a
                href={back.href}
                className="inline-block py-1 underline decoration-ink-3 hover:decoration-ink"
              >
                {back.name}
              </a>
            </p>
          )}
          <div className="flex flex-wrap items-baseline gap-x-4">
            <h1 className="break-words font-semibold text-title tracking-tight">{title}</h1>
            {beside !== undefined && <div className="text-ink-2">{beside}</div>}
          </div>
          {lead !== undefined && <p className="max-w-[72ch] text-ink-2">{lead}</p>}
        </div>
        {actions !== undefined && (
          <div className="flex flex-wrap items-center gap-2 print:hidden">{actions}</div>
        )}
      </div>
      {children}
    </div>
  );
}
