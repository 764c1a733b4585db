import type { ReactNode } from "react";

/** A page of a batch: what it is about, and from 1000 pixels on what belongs to it at the side. */
export function Columns({ side, children }: { side: ReactNode; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4 min-[62.5rem]:grid-cols-[minmax(0,1fr)_21.25rem] sm:gap-6">
      <div className="grid content-start gap-4 sm:gap-6 [&>*]:min-w-0">{children}</div>
      <aside aria-label="About it" className="grid content-start gap-4 sm:gap-6 [&>*]:min-w-0">
        {side}
      </aside>
    </div>
  );
}
