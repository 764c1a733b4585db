import { formatMs, type Stop } from "@/lib/path/path-status";
import type { Ring } from "./rings";

type Shown = Ring & Stop;

const STATES = {
  reached: { mark: "✓", ring: "border-ink", line: "border-solid border-ink" },
  failed: { mark: "✕", ring: "border-ink border-dashed", line: "border-dashed border-ink" },
  "not asked": { mark: "–", ring: "border-ink-3", line: "border-dashed border-ink-3" },
} as const;

/** Rings on a line from the form to the model, each with its own time and whether a request came that far. */
export function PathLine({ stops }: { stops: readonly Shown[] }) {
  return (
    <ol className="grid gap-y-6 sm:auto-cols-fr sm:grid-flow-col">
      {stops.map(({ name, says, icon, state, ms, share }, at) => {
        const { mark, ring, line } = STATES[state];
        const time = ms === null ? null : formatMs(ms);
        return (
          <li key={name} className="relative min-h-14 min-w-0 pl-19 sm:px-2 sm:pt-16 sm:text-center">
            {at > 0 && (
              <span
                aria-hidden="true"
                className={`absolute max-sm:-top-6 max-sm:left-6.75 max-sm:h-6 max-sm:border-l-2 sm:top-6.75 sm:right-[calc(50%+1.75rem)] sm:left-[calc(-50%+1.75rem)] sm:border-t-2 ${line}`}
              />
            )}
            <span
              aria-hidden="true"
              className={`absolute top-0 left-0 grid size-14 place-items-center rounded-full border-2 bg-surface sm:left-1/2 sm:-translate-x-1/2 ${ring}`}
            >
              <svg
                aria-hidden="true"
                viewBox="0 0 24 24"
                className="size-6.5 fill-none stroke-[1.6] stroke-current"
                strokeLinecap="round"
                strokeLinejoin="round"
              >
                <path d={icon} />
              </svg>
              <span
                className={`absolute -right-1 -bottom-1 grid size-5 forced-color-adjust-none place-items-center rounded-full text-xs ${state === "reached" ? "bg-ink text-on-ink" : "border border-ink-3 bg-surface"}`}
              >
                {mark}
              </span>
            </span>
            <p className="font-semibold max-sm:pr-16">
              {name}
              <span className="sr-only">
                , {state}
                {time !== null && `, ${time}`}
                {share !== null && `, ${Math.round(100 * share)} percent of the time`}
              </span>
            </p>
            <p className="text-ink-2 text-xs">{says}</p>
            {time !== null && (
              <p
                aria-hidden="true"
                className={`font-medium text-xs max-sm:absolute max-sm:top-1 max-sm:right-0 ${at === 0 ? "" : "sm:absolute sm:top-1 sm:right-[calc(50%+1.75rem)] sm:left-[calc(-50%+1.75rem)]"}`}
              >
                {time}
              </p>
            )}
          </li>
        );
      })}
    </ol>
  );
}

const INKS = ["fill-ink", "fill-ink-2", "fill-ink-3", "fill-ghost"];
const SWATCHES = ["bg-ink", "bg-ink-2", "bg-ink-3", "bg-ghost"];

const inPercent = (share: number) => `${share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share)} %`;

/** Where the time went, as one bar in as many inks as there are parts that tell; the line above says it in words. */
export function ShareBar({ stops }: { stops: readonly Shown[] }) {
  const parts = stops.flatMap(({ name, share }) => (share === null ? [] : [{ name, share }]));
  if (parts.length === 0) return null;
  const starts = parts.map((_, at) => parts.slice(0, at).reduce((sum, { share }) => sum + share, 0));
  return (
    <div aria-hidden="true" className="grid gap-2">
      <svg aria-hidden="true" className="block h-7 w-full overflow-hidden rounded-md border border-ink-3">
        {parts.map(({ name, share }, at) => (
          <rect
            key={name}
            x={`${100 * (starts[at] ?? 0)}%`}
            width={`${100 * share}%`}
            height="100%"
            className={`stroke-surface ${INKS[at % INKS.length]}`}
          />
        ))}
      </svg>
      <p className="flex flex-wrap gap-x-5 gap-y-1 text-ink-2 text-xs">
        {parts.map(({ name, share }, at) => (
          <span key={name} className="flex items-center gap-1.5">
            <span className={`size-2.5 rounded-xs ${SWATCHES[at % SWATCHES.length]}`} />
            <span className="font-medium text-ink">{name}</span> {inPercent(share)}
          </span>
        ))}
      </p>
    </div>
  );
}
