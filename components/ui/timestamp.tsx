/** A time as "2026-11-24 03:55 UTC", the same for every reader; with seconds where `precise`. */
export function Timestamp({ at, precise = false }: { at: Date; precise?: boolean }) {
  const iso = at.toISOString();
  return (
    <time dateTime={iso} className="tabular-nums sm:whitespace-nowrap">
      <span className="whitespace-nowrap">{iso.slice(0, 10)}</span>{" "}
      <span className="whitespace-nowrap">{iso.slice(11, precise ? 19 : 16)} UTC</span>
    </time>
  );
}
