import type { ReactNode } from "react";
import { buttonClass } from "@/components/ui/button";

/**
 * A button that opens a box of links or fields; needs no script. The box hangs from the next positioned element around it,
 * so that it can be wider than its button. A browser keeps one menu open among those that share a `name`.
 */
export function Menu({
  label,
  name,
  kind,
  className = "",
  boxClass = "right-0",
  children,
}: {
  label: ReactNode;
  name?: string;
  kind?: Parameters<typeof buttonClass>[0];
  className?: string;
  boxClass?: string;
  children: ReactNode;
}) {
  return (
    <details name={name} className={className}>
      <summary
        className={`${buttonClass(kind)} list-none whitespace-nowrap [&::-webkit-details-marker]:hidden`}
      >
        {label}
      </summary>
      <div
        className={`absolute top-full z-20 mt-1 max-h-[calc(100dvh-var(--bar)-var(--places)-6rem)] max-w-full overflow-y-auto rounded-card border border-line bg-raised p-4 shadow-raised ${boxClass}`}
      >
        {children}
      </div>
    </details>
  );
}
