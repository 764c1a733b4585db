import "server-only";
import { askedAs } from "@/lib/server/access/actor";

/** Scalars only, so that no vector of measurements can be logged. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/**
 * Writes one JSON line to stderr, the only place the server logs; `cause` with its stack and what caused it in turn, and the id
 * of the request that is being answered, which is also what the model's service is sent. Never pass measurement values.
 */
export function log(
  level: "info" | "warn" | "error",
  event: string,
  fields: LogFields = {},
  cause?: unknown,
) {
  const why = cause === undefined ? {} : { cause: String(cause), stack: stackOf(cause) };
  const requestId = askedAs() ?? undefined;
  const line = { time: new Date().toISOString(), level, event, requestId, ...fields, ...why };
  process.stderr.write(`${JSON.stringify(line, withoutSecrets)}\n`);
}

function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const deeper = stackOf(error.cause);
  return deeper === undefined ? error.stack : `${error.stack}\nCaused by: ${deeper}`;
}

const HIDDEN = "[hidden]";

/** Fields that are never shown, whoever passes them. */
const SECRET_FIELD =
  /^(authorization|(set-)?cookie|x-api-key|password|secret|token|values?)$|(secret|token|password|api_?key)$/i;

/**
 * Secrets inside a text, as errors of drivers and of fetch have them: the password of an address, a bearer's token, what is
 * assigned to a secret's name, and rows of five or more numbers.
 */
const SECRETS: [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+(?=@)/gi, `$1${HIDDEN}`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  [
    /(\b(?:authorization|(?:set-)?cookie|x-api-key|api_?key|password|\w*_?secret\w*|token)["']?\s*[:=]\s*)(?!\[hidden\]|Bearer|Basic)["']?[^\s"',;}]+/gi,
    `$1${HIDDEN}`,
  ],
  [/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?:\s*[,;\t]\s*-?\d+(?:\.\d+)?(?:e[+-]?\d+)?){4,}/gi, HIDDEN],
];

function withoutSecrets(field: string, value: unknown): unknown {
  if (value === undefined || value === null) return value;
  if (SECRET_FIELD.test(field)) return HIDDEN;
  if (typeof value !== "string") return value;
  return SECRETS.reduce((text, [secret, instead]) => text.replace(secret, instead), value);
}
