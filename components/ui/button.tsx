import type { ComponentProps } from "react";

const KINDS = {
  primary: "border-ink bg-ink text-on-ink forced-color-adjust-none hover:bg-ink-2",
  secondary: "border-ink-3 bg-surface text-ink hover:border-ink",
  quiet: "border-transparent text-ink underline decoration-ink-3 hover:decoration-ink",
} as const;

/** The classes of a button, for links that look like one. */
export const buttonClass = (kind: keyof typeof KINDS = "secondary") =>
  `inline-flex min-h-control items-center justify-center gap-2 rounded-field border px-3.5 font-medium ${KINDS[kind]} disabled:border-dashed disabled:border-ink-3 disabled:bg-canvas disabled:text-ink-2`;

/** A button; `type` is "button" unless said otherwise, so that none submits a form by accident. */
export function Button({
  kind = "secondary",
  className = "",
  ...rest
}: ComponentProps<"button"> & { kind?: keyof typeof KINDS }) {
  return <button type="button" {...rest} className={`${buttonClass(kind)} ${className}`} />;
}

/** A key as it stands on a keyboard; `isHint`: in a button, which on a phone has no key. */
export function Kbd({ children, isHint = false }: { children: string; isHint?: boolean }) {
  return (
    <kbd
      className={`rounded-sm border border-current px-1 font-sans text-xs ${isHint ? "opacity-75 max-sm:hidden" : ""}`}
    >
      {children}
    </kbd>
  );
}
