import type { ReactNode } from "react";

/** The classes of a text field, a choice and a text area. */
export const fieldClass =
  "h-control w-full min-w-0 rounded-field border border-ink-3 bg-surface px-2.5 text-ink aria-invalid:border-2 aria-invalid:border-ink max-sm:text-base";

/** A field under its label, with what it is for or what is wrong with it below. */
export function Field({
  label,
  htmlFor,
  help,
  error,
  className = "",
  children,
}: {
  label: ReactNode;
  /** The id of the field, which stands inside. */
  htmlFor: string;
  /** `id`: the field's `aria-describedby` names it. */
  help?: { id: string; text: ReactNode };
  error?: { id: string; text: string };
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={`grid gap-1 ${className}`}>
      <label htmlFor={htmlFor} className="font-medium text-ink-2 text-xs">
        {label}
      </label>
      {children}
      {error !== undefined && (
        <p id={error.id} className="font-medium text-xs">
          {error.text}
        </p>
      )}
      {help !== undefined && (
        <p id={help.id} className="text-ink-2 text-xs">
          {help.text}
        </p>
      )}
    </div>
  );
}
