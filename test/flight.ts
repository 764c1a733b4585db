/** The server said that the action threw; `digest` finds it in the server's log. */
export class ActionThrew extends Error {
  override name = "ActionThrew";
}

/**
 * The value a server action returned, from the React flight stream that answers it: rows `<hex id>:<JSON>`, or
 * `<hex id>:T<hex byte length>,<text>` for long strings. Reads plain values, dates and references between rows.
 * Throws ActionThrew where the action threw, Error where the stream is not such an answer.
 */
export function parseActionAnswer(stream: Buffer): unknown {
  const rows = readRows(stream);
  const root = rows.get("0");
  if (root === undefined) throw new Error("the answer has no row 0");
  const { a: answer } = JSON.parse(root) as { a?: unknown };
  if (answer === undefined) throw new Error("row 0 holds no action result");
  return revive(answer, rows);
}

/** JSON text by row id; rows of other kinds (hints, imports) are left out. */
function readRows(stream: Buffer): Map<string, string> {
  const rows = new Map<string, string>();
  let at = 0;
  while (at < stream.length) {
    const colon = stream.indexOf(":", at);
    if (colon < 0) throw new Error("a row without an id");
    const id = stream.toString("utf8", at, colon);
    if (stream[colon + 1] === 0x54 /* T */) {
      const comma = stream.indexOf(",", colon);
      const end = comma + 1 + Number.parseInt(stream.toString("utf8", colon + 2, comma), 16);
      if (comma < 0 || !(end <= stream.length)) throw new Error(`row ${id} is cut short`);
      // Text rows hold the string itself; as a JSON string it must not be read as a reference.
      rows.set(id, JSON.stringify(stream.toString("utf8", comma + 1, end).replace(/^\$/, "$$$$")));
      at = end;
      continue;
    }
    const end = stream.indexOf("\n", colon);
    if (end < 0) throw new Error(`row ${id} is cut short`);
    const text = stream.toString("utf8", colon + 1, end);
    if (text.startsWith("E")) throw new ActionThrew(`the action threw: ${text.slice(1)}`);
    if (!/^[A-Z]/.test(text)) rows.set(id, text);
    at = end + 1;
  }
  return rows;
}

function revive(value: unknown, rows: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return value.startsWith("$") ? dereference(value, rows) : value;
  if (Array.isArray(value)) return value.map((item) => revive(item, rows));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item, rows)]));
  }
  return value;
}

const CONSTANTS: Readonly<Record<string, unknown>> = {
  $undefined: undefined,
  $NaN: Number.NaN,
  $Infinity: Number.POSITIVE_INFINITY,
  "$-Infinity": Number.NEGATIVE_INFINITY,
  "$-0": -0,
};

function dereference(text: string, rows: ReadonlyMap<string, string>): unknown {
  if (text in CONSTANTS) return CONSTANTS[text];
  if (text.startsWith("$$")) return text.slice(1);
  if (text.startsWith("$D")) return new Date(text.slice(2));
  if (text.startsWith("$n")) return BigInt(text.slice(2));
  const [, id, path = ""] = /^\$[@L]?([0-9a-f]+)((?::[^:]+)*)$/.exec(text) ?? [];
  const row = id === undefined ? undefined : rows.get(id);
  if (row === undefined) throw new Error(`cannot resolve ${text}`);
  const steps = path.split(":").slice(1);
  const target = steps.reduce<unknown>(
    (at, step) => (at as Record<string, unknown>)?.[step],
    JSON.parse(row),
  );
  return revive(target, rows);
}
