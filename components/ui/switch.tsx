import type { ReactNode } from "react";

const TABS = [
  "group-has-[.a:checked]/switch:block",
  "group-has-[.b:checked]/switch:block",
  "group-has-[.c:checked]/switch:block",
];
const MARKS = ["a", "b", "c"];

/**
 * Up to three views of one thing, of which one is shown: radio buttons, so that the arrows move and no script is needed.
 * `name` is of the group; a form that it stands in does not send it.
 */
export function Switch({
  label,
  name,
  options,
}: {
  label: string;
  name: string;
  options: readonly { key: string; title: string; children: ReactNode }[];
}) {
  return (
    <div className="group/switch">
      <fieldset className="flex gap-0.5 rounded-field border border-line bg-sunken p-0.5 print:hidden">
        <legend className="sr-only">{label}</legend>
        {options.map(({ key, title }, at) => (
          <label
            key={key}
            className="relative grow rounded-md px-1 py-1.5 text-center font-medium text-ink-2 text-xs has-checked:bg-surface has-checked:text-ink has-focus-visible:outline-2 has-checked:outline-1 has-focus-visible:outline-focus has-checked:outline-ink-3 has-focus-visible:outline-offset-2"
          >
            <input
              type="radio"
              name={name}
              value={key}
              form=""
              defaultChecked={at === 0}
              className={`${MARKS[at]} sr-only`}
            />
            {title}
          </label>
        ))}
      </fieldset>
      {options.map(({ key, children }, at) => (
        <div key={key} className={`mt-3 hidden ${TABS[at]} ${at === 0 ? "print:block" : "print:hidden!"}`}>
          {children}
        </div>
      ))}
    </div>
  );
}
