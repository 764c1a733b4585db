/** References of mapping templates that this API uses. */
const REFERENCES = /\$context\.requestId|\$input\.(json|path)\('\$\.(\w+)'\)/g;

/** `#if($input.path('$.name') == 'value' || …)`, `#else` and `#end`: all that they have of directives. */
const CHOICE =
  /^#if\(((?:\$input\.path\('\$\.\w+'\) == '\w+'(?: \|\| (?=\$))?)+)\)\n(.*)\n#else\n(.*)\n#end$/s;
const EQUALITY = /'\$\.(\w+)'\) == '(\w+)'/g;

const readName = (body: unknown, name: string): unknown =>
  typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;

/**
 * Fills in a mapping template. One with another reference or a directive is an error, never silently left; what is filled
 * in may look like either, since API Gateway does not read it again.
 */
export function render(template: string, { requestId, body }: { requestId: string; body?: unknown }): string {
  const [, condition, then, otherwise] = CHOICE.exec(template) ?? [];
  if (condition !== undefined && then !== undefined && otherwise !== undefined) {
    const holds = [...condition.matchAll(EQUALITY)].some(
      ([, name = "", value]) => readName(body, name) === value,
    );
    return render(holds ? then : otherwise, { requestId, body });
  }
  if (/[$]|#\w/.test(template.replaceAll(REFERENCES, ""))) throw new Error(`cannot render ${template}`);
  return template.replaceAll(REFERENCES, (_, how?: string, name?: string) => {
    if (how === undefined || name === undefined) return requestId;
    const value = readName(body, name);
    return how === "path" ? String(value ?? "") : JSON.stringify(value ?? "");
  });
}
