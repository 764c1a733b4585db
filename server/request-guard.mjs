import { createHash } from "node:crypto";

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
 * The policy of a response that is made on request. React's development build evaluates code and injects style elements; a
 * production build does neither.
 * @param {string} nonce letters, digits and hyphens that nobody can guess
 * @param {string} hash of the one inline script that is the same on every page and has no nonce
 * @param {boolean} development
 */
export function noncePolicy(nonce, hash, development) {
  return policy(
    `'self' 'nonce-${nonce}' '${hash}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
  );
}

/**
 * The policy of a page that was made at build time: its inline scripts are known, and those that it loads are ours.
 * @param {string} html
 */
export function hashPolicy(html) {
  return policy(
    ["'self'", ...inlineScripts(html).map((script) => `'${hashOf(script)}'`)].join(" "),
    "'self'",
  );
}

/**
 * The texts of a page's inline scripts.
 * @param {string} html
 */
export function inlineScripts(html) {
  const scripts = html.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gis);
  return [...scripts].flatMap(([, attributes, text]) => (/\bsrc=/i.test(attributes) ? [] : [text]));
}

/**
 * A script as a policy names it.
 * @param {string} script
 */
export const hashOf = (script) => `sha256-${createHash("sha256").update(script).digest("base64")}`;

/**
 * @param {string} scripts
 * @param {string} styles
 */
function policy(scripts, styles) {
  return [
    "default-src 'self'",
    `script-src ${scripts}`,
    `style-src ${styles}`,
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
