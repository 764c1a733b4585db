import type { ReactNode } from "react";

/** A list of people, keys or sessions: what each is, and at the end of its line what can be done about it. */
export function Rows({
  label,
  rows,
}: {
  label: string;
  rows: readonly { id: string; title: ReactNode; details: ReactNode; actions?: ReactNode }[];
}) {
  return (
    <ul aria-label={label}>
      {rows.map(({ id, title, details, actions }) => (
        <li
          key={id}
          className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-line border-b py-2 last:border-b-0"
        >
          <div className="min-w-0">
            <p className="break-words font-medium">{title}</p>
            <p className="break-words text-ink-2 text-xs">{details}</p>
          </div>
          {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </li>
      ))}
    </ul>
  );
}
