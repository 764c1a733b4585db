import "server-only";

/** Scalars only, so that no vector of measurements can be logged. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/**
 * Writes one JSON line to stderr, the only place the server logs; `cause` with its stack and what caused it in turn.
 * Never pass measurement values.
 */
export function log(
  level: "info" | "warn" | "error",
  event: string,
  fields: LogFields = {},
  cause?: unknown,
) {
  const why = cause === undefined ? {} : { cause: String(cause), stack: stackOf(cause) };
  process.stderr.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields, ...why })}\n`,
  );
}

function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const deeper = stackOf(error.cause);
  return deeper === undefined ? error.stack : `${error.stack}\nCaused by: ${deeper}`;
}
