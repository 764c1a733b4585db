import "server-only";

/** Scalars only, so that no vector of measurements can be logged. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** Writes one JSON line to stderr, the only place the server logs. Never pass measurement values. */
export function log(level: "info" | "warn" | "error", event: string, fields: LogFields = {}) {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`);
}
