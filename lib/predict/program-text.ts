/**
 * What a program prints of a list, a table or a record: JSON, Python, NumPy, R, MATLAB. Texts stay as they are
 * printed, since a number may have a form that only its reader knows.
 */
export type Printed = string | Printed[] | Map<string, Printed>;

const TOKEN = /\s*(?:([[\](){},:;=])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s[\](){},:;="']+))/y;
const CLOSES = { "[": "]", "(": ")", "{": "}" } as const;
const MAX_DEPTH = 20;

type Token = { text: string; isSign: boolean };

/** Reads a text that is one list, record or call, a name that it is given to in front; null where it is none. */
export function readPrinted(text: string): Printed | null {
  const body = text.replace(/^\s*[\w.]+\s*(?:=|<-)/, "").replace(/[\s;]+$/, "");
  if (!/^\s*(?:[\w.]+\s*\(|[[({])/.test(body)) return null;
  const tokens = tokensOf(body);
  if (tokens === null) return null;
  let at = 0;

  const isNext = (sign: string) => tokens[at]?.isSign === true && tokens[at]?.text === sign;
  const skip = (sign: string) => isNext(sign) && at++ >= 0;

  function readValue(depth: number): Printed | null {
    const token = tokens?.[at++];
    if (token === undefined || depth > MAX_DEPTH) return null;
    const { text, isSign } = token;
    if (isSign) return text === "[" || text === "(" || text === "{" ? readItems(CLOSES[text], depth) : null;
    return skip("(") ? argumentOf(readItems(")", depth)) : text;
  }

  /** The items up to a closing bracket: a record where they have names, else a list, of lists where semicolons part it. */
  function readItems(close: string, depth: number): Printed | null {
    const named = new Map<string, Printed>();
    const rows: Printed[][] = [[]];
    while (!skip(close)) {
      const item = readValue(depth + 1);
      if (item === null) return null;
      if (skip(":") || skip("=")) {
        const value = readValue(depth + 1);
        if (value === null || typeof item !== "string" || named.has(item)) return null;
        named.set(item, value);
      } else rows.at(-1)?.push(item);
      if (skip(";") && !isNext(close)) rows.push([]);
      else skip(",");
    }
    const [first = [], ...more] = rows;
    if (more.length > 0) return rows;
    // `array([...], dtype=float)`: the names are of what the program did, not of values.
    return named.size > 0 && first.length === 0 ? named : first;
  }

  const value = readValue(0);
  return at === tokens.length ? value : null;
}

/** What a call stands for: its one argument, as in `np.float64(1.5)` and `array([1, 2])`, or all, as in `c(1, 2)`. */
function argumentOf(items: Printed | null): Printed | null {
  return Array.isArray(items) && items.length === 1 ? (items[0] ?? null) : items;
}

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null) return null;
    const [, sign, double, single, word] = found;
    tokens.push({ text: sign ?? double ?? single ?? word ?? "", isSign: sign !== undefined });
  }
  return tokens;
}
