const STEPS = ["File", "Answers", "Result"];

/** Where a batch is on its way, counted from 0. */
export function Steps({ at }: { at: 0 | 1 | 2 }) {
  return (
    <ol aria-label="Steps" className="flex items-center gap-2 text-xs">
      {STEPS.map((name, index) => (
        <li
          key={name}
          aria-current={index === at ? "step" : undefined}
          className="flex items-center gap-2 before:hidden before:h-px before:w-4 before:bg-ink-3 aria-[current]:font-semibold aria-[current]:text-ink not-first:before:block sm:before:w-7"
        >
          {name}
        </li>
      ))}
    </ol>
  );
}
