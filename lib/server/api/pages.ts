import "server-only";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type SearchParams, searchParamsOf } from "@/lib/list-address";
import { fail, ok, type Result } from "@/lib/result";
import type { Bindings } from "./operation";
import type { Refusal } from "./problem";

/** What the lists of the API have in common: how many a page has, and the way to the other pages. */

export const DEFAULT_LIMIT = 25;
export const MOST_LISTED = 100;

/** Links in a page's body. */
export const pageLinks = z.object({
  first: z.string(),
  previous: z.string().nullable(),
  next: z.string().nullable(),
});
/** The same in its header. */
export const LINK_HEADER = { Link: 'The other pages, by rel "first", "prev" and "next".' };

const limitText = z
  .string()
  .regex(/^[1-9]\d{0,2}$/)
  .transform(Number)
  .pipe(z.int().max(MOST_LISTED));

/** Reads the address of a page: `limit`, and by `parse` the others of `names`, the only ones that it may have. */
export function readPageAddress<Query, Size>(
  c: Context<Bindings>,
  names: readonly string[],
  parse: (params: SearchParams) => Result<Query & { size: Size }, { message: string }>,
): Result<Omit<Query, "size"> & { size: number }, Refusal> {
  const bad = (detail: string) => fail<Refusal>({ kind: "malformed-request", detail });
  const all = searchParamsOf(new URL(c.req.url).searchParams);
  const unknown = Object.keys(all).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    return bad(`There is no parameter "${unknown.slice(0, 40)}". There are ${names.join(", ")}.`);
  }
  const { limit: limitGiven = String(DEFAULT_LIMIT), ...others } = all;
  const limit = limitText.safeParse(limitGiven);
  if (!limit.success) return bad(`"limit" has to be a whole number from 1 to ${MOST_LISTED}.`);
  const query = parse(others);
  return query.ok ? ok({ ...query.value, size: limit.data }) : bad(query.error.message);
}

/** Links to the first page below `address`, and to those beside this one, which go into the header Link (RFC 8288) too. */
export function linkPages<Cursor>(
  c: Context<Bindings>,
  address: string,
  { previous, next }: { previous: Cursor | null; next: Cursor | null },
  size: number,
  parametersOf: (cursor: Cursor | null) => [name: string, value: string][],
): z.infer<typeof pageLinks> {
  const to = (cursor: Cursor | null) => {
    const pairs = parametersOf(cursor);
    if (size !== DEFAULT_LIMIT) pairs.push(["limit", String(size)]);
    const text = new URLSearchParams(pairs).toString();
    return `${address}${text === "" ? "" : `?${text}`}`;
  };
  const links = { first: to(null), previous: previous && to(previous), next: next && to(next) };
  const rels = { first: links.first, prev: links.previous, next: links.next };
  c.header(
    "Link",
    Object.entries(rels)
      .flatMap(([rel, href]) => (href === null ? [] : [`<${href}>; rel="${rel}"`]))
      .join(", "),
  );
  return links;
}
