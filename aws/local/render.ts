/** References of mapping templates that this API uses. */
const REFERENCES = /\$context\.requestId|\$input\.(json|path)\('\$\.(\w+)'\)/g;

/**
 * Fills in a mapping template. One with another reference or a directive is an error, never silently left; what is filled
 * in may look like either, since API Gateway does not read it again.
 */
export function render(template: string, { requestId, body }: { requestId: string; body?: unknown }): string {
  if (/[$]|#\w/.test(template.replaceAll(REFERENCES, ""))) throw new Error(`cannot render ${template}`);
  return template.replaceAll(REFERENCES, (_, how?: string, name?: string) => {
    if (how === undefined || name === undefined) return requestId;
    const value = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
    return how === "path" ? String(value ?? "") : JSON.stringify(value ?? "");
  });
}
