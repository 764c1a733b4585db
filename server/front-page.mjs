import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { hashPolicy } from "./request-guard.mjs";

/**
 * The empty form, as `next build` made it: the same bytes for everybody, so they are read, compressed and hashed once.
 * docs/decisions/0019-static-front-page.md
 */

/** What fills the form where the address has it; next.config.js has another page for that, unless it is empty. */
const FILLED = ["sample", "from"];

/**
 * Whether a request is for the empty form as HTML. Next's router asks at the same address, with a header of its own,
 * for the data it makes the page from.
 * @param {Pick<import("node:http").IncomingMessage, "method" | "url" | "headers">} request
 */
export function asksForFrontPage({ method, url = "", headers }) {
  if ((method !== "GET" && method !== "HEAD") || headers.rsc !== undefined) return false;
  if (url === "/") return true;
  if (!url.startsWith("/?")) return false;
  const query = new URLSearchParams(url.slice(1));
  return FILLED.every((name) => query.getAll(name).every((value) => value === ""));
}

/**
 * Reads the page; what comes back answers a request with it. A browser may keep it but asks each time whether it is
 * still the same. Each answer brings a new form key for a browser without JavaScript.
 * @param {string} path of the HTML
 * @param {string} keyCookie
 * @returns {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void}
 */
export function readFrontPage(path, keyCookie) {
  const html = readFileSync(path);
  const compressed = gzipSync(html, { level: 9 });
  // A weak one, which stands for both encodings.
  const etag = `W/"${createHash("sha256").update(html).digest("base64url")}"`;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": hashPolicy(html.toString("utf8")),
    "Cache-Control": "private, no-cache",
    ETag: etag,
    Vary: "Accept-Encoding, RSC",
  };
  return (request, response) => {
    const own = { ...headers, "Set-Cookie": `${keyCookie}=${randomUUID()}; Path=/; HttpOnly; SameSite=Lax` };
    if (request.headers["if-none-match"]?.includes(etag)) {
      response.writeHead(304, own).end();
      return;
    }
    const isCompressed = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
    const body = isCompressed ? compressed : html;
    response.writeHead(200, {
      ...own,
      ...(isCompressed && { "Content-Encoding": "gzip" }),
      "Content-Length": body.length,
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}
