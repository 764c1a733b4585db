/**
 * Whether a Host header names us, whatever its port. A rebound DNS name would otherwise read the history through
 * the user's browser.
 * @param {string | undefined} header
 * @param {readonly string[]} allowed names in lower case, without port
 */
export function isAllowedHost(header, allowed) {
  return allowed.includes((header ?? "").toLowerCase().replace(/:\d{1,5}$/, "") || "?");
}

/**
 * The policy of one response. React's development build evaluates code and injects style elements; a production
 * build does neither.
 * @param {string} nonce letters, digits and hyphens that nobody can guess
 * @param {boolean} development
 */
export function contentSecurityPolicy(nonce, development) {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** What every answer carries beside its policy; Next's own `headers` option would match each path against them. */
export const SECURITY_HEADERS = Object.entries({
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
});
