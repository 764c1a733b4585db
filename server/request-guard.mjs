import { createHash } from "node:crypto";

/**
 * Why a request is not taken, or null. Each name that it came by, its Host and what proxies say of it, has to be one of ours: a
 * rebound DNS name would otherwise read the history through the user's browser. What may change something has to come from
 * a page at one of these names, for any site can send a form to us; browsers say of each such request where it comes from.
 * @param {Pick<import("node:http").IncomingMessage, "method" | "headers"> & { url?: string }} request
 * @param {readonly string[]} allowed names in lower case, without port
 * @returns {{ status: 403 | 421, reason: string } | null}
 */
export function refusal({ method = "", url = "", headers }, allowed) {
  const { origin } = headers;
  const names = namesOf(headers);
  const misdirected = isProbe(method, url) ? null : ofUnknownHost(names, allowed);
  if (misdirected !== null) return misdirected;
  if (READING.includes(method)) {
    return isOwnSite(headers) || isVisit(url, headers) ? null : FOREIGN;
  }
  if (!isOwnSite(headers)) return FOREIGN;
  if (names.some((name) => isAt(origin, name))) return null;
  return {
    status: 403,
    reason:
      origin === undefined
        ? "it does not say which page it comes from."
        : `it comes from a page at ${origin.slice(0, 100)}, and was sent to ${names.join(", ").slice(0, 300)}. If that page is this server's, the proxy before it has to pass on the host; docs/deploy.md says how.`,
  };
}

const READING = ["GET", "HEAD"];

/**
 * Whether a load balancer asks how this process is: it knows each by its address alone, and what it is told is no secret.
 * @param {string} method
 * @param {string} url
 */
const isProbe = (method, url) => READING.includes(method) && /^\/api\/health\/(?:live|ready)$/.test(url);

/** @type {{ status: 403, reason: string }} */
const FOREIGN = { status: 403, reason: "it comes from a page of another site." };

/** What a browser says of a request from a page of ours, and of one that a person asked for by the address. */
const SITES = ["same-origin", "none"];

/**
 * Whether a request is none that a browser sends for a page of another site, another port of this host among them.
 * @param {import("node:http").IncomingHttpHeaders} headers
 */
const isOwnSite = ({ "sec-fetch-site": site }) => site === undefined || SITES.includes(String(site));

/** What works for long: no link of another site begins it. */
const FILES = /^\/(history\/export|batch\/[^/]+\/(export|bad-rows))(?=[?/]|$)/;

/**
 * Whether a person follows a link of another site to a page: as the whole of a window, and not as its picture, frame or script.
 * @param {string} url
 * @param {import("node:http").IncomingHttpHeaders} headers
 */
const isVisit = (url, headers) =>
  headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document" && !FILES.test(url);

/**
 * The same of a request to the API. Programs do not say where they come from; a browser does, and then it has to be a page of
 * ours, whatever the method.
 * @param {Pick<import("node:http").IncomingMessage, "headers">} request
 * @param {readonly string[]} allowed names in lower case, without port
 * @returns {{ status: 403 | 421, reason: string } | null}
 */
export function apiRefusal({ headers }, allowed) {
  const { origin } = headers;
  const names = namesOf(headers);
  const misdirected = ofUnknownHost(names, allowed);
  if (misdirected !== null) return misdirected;
  const isOurs = origin === undefined || names.some((name) => isAt(origin, name));
  return isOurs && isOwnSite(headers) ? null : FOREIGN;
}

/**
 * The names that a request came by: its Host, and what proxies say of it.
 * @param {import("node:http").IncomingHttpHeaders} headers
 */
function namesOf({ host = "", "x-forwarded-host": given }) {
  const forwarded = String(given ?? "");
  return [host, ...(forwarded === "" ? [] : forwarded.split(",").map((name) => name.trim()))];
}

/**
 * @param {readonly string[]} names
 * @param {readonly string[]} allowed
 * @returns {{ status: 421, reason: string } | null}
 */
function ofUnknownHost(names, allowed) {
  const unknown = names.find((name) => !isAllowedHost(name, allowed));
  if (unknown === undefined) return null;
  return {
    status: 421,
    reason: `it came by the host name "${unknown.slice(0, 100)}". Whoever runs this server can add that to ALLOWED_HOSTS.`,
  };
}

/**
 * Whether a Host header names us, whatever its port.
 * @param {string} header
 * @param {readonly string[]} allowed
 */
function isAllowedHost(header, allowed) {
  return allowed.includes(header.toLowerCase().replace(/:\d{1,5}$/, "") || "?");
}

/**
 * Whether an origin is that of the pages at a host, whose port may be the one that the origin's protocol has anyway.
 * @param {string | undefined} origin
 * @param {string} host
 */
function isAt(origin, host) {
  const page = URL.parse(origin ?? "");
  return page !== null && URL.parse(`${page.protocol}//${host}`)?.host === page.host;
}

/**
 * Takes from a request that is not refused what `refusal` has judged, so that nobody behind it judges again by another
 * rule: Next would take the first of several forwarded hosts, whether or not it is ours.
 * @param {import("node:http").IncomingHttpHeaders} headers
 */
export function settleHost(headers) {
  delete headers["x-forwarded-host"];
  if (headers.origin !== undefined) headers.origin = `http://${headers.host}`;
}

/**
 * Whether a request is for the API rather than for a page.
 * @param {Pick<import("node:http").IncomingMessage, "url">} request
 */
export const asksForApi = ({ url = "" }) => API.test(url);
const API = /^\/(api\/v1|v2)(?=[/?]|$)/;

const METHODS = ["GET", "HEAD", "POST"];
/** Which of them an address of the API has, the API says itself. */
const API_METHODS = [...METHODS, "PUT", "PATCH", "DELETE", "OPTIONS"];

/** The largest form. */
export const MOST_FORM_BYTES = 102_400;
/** The largest where a case may come with the outlines that it was measured on; next.config.js has it for every form. */
export const MOST_MEASURED_FORM_BYTES = 1_102_400;
/** These take files, and say themselves, on a page, how large one can be; so does the API. docs/limits.md */
const TAKE_FILES = /^\/(batch\/(file|pasted)|history\/(import\/file|[^/?]+\/image))(?=[?/]|$)/;

const mostBytes = (/** @type {string} */ url) =>
  /^\/(?=\?|$)/.test(url) ? MOST_MEASURED_FORM_BYTES : MOST_FORM_BYTES;

/**
 * Whether a form says that it is larger than one can be. What does not say it is counted while it is read.
 * @param {{ method: string, url: string, headers: import("node:http").IncomingHttpHeaders }} request
 */
const isTooLarge = ({ method, url, headers }) =>
  method === "POST" &&
  Number(headers["content-length"] ?? 0) > mostBytes(url) &&
  !asksForApi({ url }) &&
  !TAKE_FILES.test(url);

/**
 * Why a request is none for Next or the API, which would answer any method with the page, and an address that cannot be decoded with
 * an error of its own; null where it is one.
 * @param {Pick<import("node:http").IncomingMessage, "method" | "url"> & { headers?: import("node:http").IncomingHttpHeaders }} request
 * @returns {{ status: number, headers: Record<string, string>, sentence: string } | null}
 */
export function badRequest({ method = "", url = "", headers = {} }) {
  const methods = asksForApi({ url }) ? API_METHODS : METHODS;
  if (!methods.includes(method)) {
    const allowed = methods.join(", ");
    return { status: 405, headers: { Allow: allowed }, sentence: `Only ${allowed} are answered.` };
  }
  if (isTooLarge({ method, url, headers })) {
    return {
      status: 413,
      headers: { Connection: "close" },
      sentence: `A form can have ${mostBytes(url).toLocaleString("en")} bytes.`,
    };
  }
  try {
    decodeURIComponent(url.replace(/\?.*/s, ""));
    if (url.startsWith("/")) return null;
  } catch {
    // Told below.
  }
  return { status: 400, headers: {}, sentence: "The address cannot be read." };
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

/** One year, in seconds. Not for the names below ours, which are not ours to speak for. */
const HTTPS_ONLY = { "Strict-Transport-Security": "max-age=31536000" };

/**
 * What every answer carries beside its policy; Next's own `headers` option would match each path against them.
 * @param {string | undefined} publicUrl the address by which browsers reach this server, where it is known
 */
export const securityHeaders = (publicUrl) =>
  Object.entries({ ...SECURITY_HEADERS, ...(publicUrl?.startsWith("https:") && HTTPS_ONLY) });

const SECURITY_HEADERS = {
  // For what is no page; a page has one of its own.
  "Content-Security-Policy": "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
};
