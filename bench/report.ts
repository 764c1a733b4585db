import type { Result } from "./load";
import { median, pairedRatio, percentile } from "./statistics";

/** One part of the report: a table, sentences under it, and the same in numbers for results.json. */
export type Section = {
  title: string;
  header: readonly string[];
  rows: readonly (readonly string[])[];
  notes: readonly string[];
  data: unknown;
  /** What did not answer as it should have; any makes the run fail. */
  errors: readonly string[];
};

/** Lays a table out in columns, the first to the left, numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   ")
      .trimEnd();
  return [line(header), widths.map((width) => "-".repeat(width)).join("   "), ...rows.map(line)].join("\n");
}

export type Summary = {
  name: string;
  /** Median over the rounds. */
  perSecond: number;
  p50Ms: number;
  p95Ms: number;
  serverMsPerRequest: number | null;
  generatorLoad: number;
  errors: number;
};

export function summarize({ name, rounds, errors }: Result): Summary {
  const latencies = rounds.flatMap((round) => round.latencies);
  const processor = rounds.flatMap(({ serverMsPerRequest }) => serverMsPerRequest ?? []);
  return {
    name,
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    p50Ms: percentile(latencies, 50),
    p95Ms: percentile(latencies, 95),
    serverMsPerRequest: processor.length === 0 ? null : median(processor),
    generatorLoad: median(rounds.map(({ generatorLoad }) => generatorLoad)),
    errors: errors.length,
  };
}

/** How many times as many requests a second `ours` answered as `theirs`, round by round. */
export function rateRatio(ours: Result, theirs: Result): number {
  const rates = ({ rounds }: Result) => rounds.map(({ perSecond }) => perSecond);
  return pairedRatio(rates(ours), rates(theirs));
}

export const LOAD_HEADER = ["", "requests/s", "p50 ms", "p95 ms", "server CPU ms", "errors", "app is"];

/** A row for each result, compared with the first. */
export function loadRows(results: readonly Result[]): string[][] {
  const [first] = results;
  return results.map((result, index) => {
    const { name, perSecond, p50Ms, p95Ms, serverMsPerRequest, errors } = summarize(result);
    return [
      name,
      perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toPrecision(3),
      formatMs(p50Ms),
      formatMs(p95Ms),
      serverMsPerRequest === null ? "-" : formatMs(serverMsPerRequest),
      String(errors),
      first === undefined || index === 0 ? "" : `x ${rateRatio(first, result).toFixed(2)}`,
    ];
  });
}

/** Says so where the load generator was the limit, and not the server. */
export function generatorNotes(results: readonly Result[]): string[] {
  const saturated = results.map(summarize).filter(({ generatorLoad }) => generatorLoad > 0.85);
  return saturated.map(
    ({ name }) => `${name}: the load generator was busy throughout; the server may do more.`,
  );
}

export const formatMs = (ms: number): string => (ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3));

export const formatKilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
