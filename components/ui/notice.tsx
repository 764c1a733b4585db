import type { ReactNode, Ref } from "react";

const KINDS = {
  error: { mark: "✕", className: "border-error text-error" },
  warning: { mark: "⚠", className: "border-uncertain text-ink" },
  done: { mark: "✓", className: "border-line text-ink" },
} as const;

/** A framed message with a mark, so that its kind does not hang on colour; `ref` lets a caller move the focus to it. */
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
  const { mark, className } = KINDS[kind];
  return (
    <div
      ref={ref}
      role={role}
      tabIndex={-1}
      className={`rounded-md border-l-4 bg-surface px-3 py-2 print:py-0 ${className}`}
    >
      <p className="font-semibold">
        <span aria-hidden="true">{mark} </span>
        {title}
      </p>
      {children}
    </div>
  );
}
