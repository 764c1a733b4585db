import "server-only";

/**
 * Whether a page of this site sent the request. Route handlers, other than server actions, are not checked by Next,
 * and any site can post a form to them. Browsers name the origin of every post; who does not is refused.
 */
export function isSameOrigin(headers: Headers): boolean {
  const origin = headers.get("origin");
  const host = headers.get("x-forwarded-host") ?? headers.get("host");
  return origin !== null && URL.canParse(origin) && new URL(origin).host === host;
}
