import type { Answer } from "@/lib/prediction/words";

/** Paths in a box of 16 by 16. */
const PATHS: Record<string, string> = {
  "▲": "M8 1.5 15 14.5H1Z",
  "●": "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z",
  "◆": "M8 .5 15.5 8 8 15.5.5 8Z",
  "○": "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z",
};

/** An answer's shape, drawn, since fonts have each of them in another size and place; a word stands beside it. */
export function Shape({ shape, className = "" }: Pick<Answer, "shape"> & { className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      className={`inline-block size-[0.72em] flex-none fill-current ${className}`}
    >
      <path d={PATHS[shape] ?? PATHS["○"]} />
    </svg>
  );
}
