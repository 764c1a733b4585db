/**
 * What a form shows after it was sent; null before. `typed` is what was in it, so that nothing has to be typed again.
 * `fields` says what is wrong with which field; `message` says what became of the form as a whole.
 */
export type FormState<Field extends string, Done> =
  | { ok: true; typed: Texts<Field>; done: Done }
  | { ok: false; typed: Texts<Field>; message: string; fields: Texts<Field> }
  | null;

/** What a form holds by field. */
export type Texts<Field extends string> = { [name in Field]?: string };

/** The texts of a form by field, of a repeated one the last; a browser sends line ends as two characters. */
export function textsOf(form: FormData): Texts<string> {
  const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts.map(([name, text]) => [name, text.replaceAll("\r\n", "\n")]));
}
