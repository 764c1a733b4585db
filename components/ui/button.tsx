import type { ComponentProps } from "react";

const KINDS = {
  primary: "bg-accent text-on-accent border-accent font-semibold hover:border-ink-muted hover:bg-ink-muted",
  secondary: "bg-surface text-ink border-field hover:border-ink",
  plain: "border-transparent text-ink-muted underline underline-offset-2 hover:text-ink",
} as const;

/** The classes of a button, for links that look like one. */
export const buttonClass = (kind: keyof typeof KINDS = "secondary") =>
  `inline-flex min-h-8 items-center gap-1.5 rounded-md border px-3 py-1 ${KINDS[kind]} disabled:border-field disabled:border-dashed disabled:bg-canvas disabled:text-ink-muted`;

/** A button; `type` is "button" unless said otherwise, so that none submits a form by accident. */
export function Button({
  kind = "secondary",
  className = "",
  ...rest
}: ComponentProps<"button"> & { kind?: keyof typeof KINDS }) {
  return <button type="button" {...rest} className={`${buttonClass(kind)} ${className}`} />;
}
