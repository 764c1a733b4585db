/** Where a sign-in leads to. */

/** Any origin does: it is only looked at whether a path stays at it. */
const SOMEWHERE = "http://own.invalid";

/** The path and query of a text that leads to a page of ours; "/" where it leads elsewhere, or back to signing in. */
export function ownPath(text: unknown): string {
  if (typeof text !== "string" || !text.startsWith("/")) return "/";
  const url = URL.parse(text, SOMEWHERE);
  if (url === null || url.origin !== SOMEWHERE) return "/";
  if (/^\/(?:sign-in|set-up|api)(?:\/|$)/.test(url.pathname)) return "/";
  // What was normalised can begin with two slashes again, which a browser takes for a host.
  return url.pathname.startsWith("//") ? "/" : url.pathname + url.search;
}
