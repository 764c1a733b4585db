import type { ReactNode, Ref } from "react";

const KINDS = {
  error: "rounded-field border-2 border-ink bg-surface px-4 py-3",
  caution: "relative py-0.5 pl-4",
  done: "flex flex-wrap items-center gap-x-4 gap-y-1 rounded-field border border-line bg-surface px-4 py-3",
} as const;

/**
 * A message: an error in a frame, a caution beside a hatched edge, what was done with a tick. `ref` lets a caller move the
 * focus to it.
 */
export function Notice({
  kind,
  title,
  children,
  ref,
  role,
}: {
  kind: keyof typeof KINDS;
  title: string;
  children?: ReactNode;
  ref?: Ref<HTMLDivElement>;
  role?: "alert" | "status";
}) {
  return (
    <div ref={ref} role={role} tabIndex={-1} className={KINDS[kind]}>
      {kind === "caution" && (
        <span aria-hidden="true" className="hatch absolute inset-y-0 left-0 w-1.5 rounded-xs" />
      )}
      <p className="font-semibold">
        {kind === "done" && <span aria-hidden="true">✓ </span>}
        {title}
      </p>
      {children}
    </div>
  );
}
