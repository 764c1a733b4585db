/**
 * Connections that are held open for nothing: bodies that hardly arrive, answers that nobody reads, sockets without a request.
 * docs/limits.md
 */

/** A body may take as long as it likes to begin, up to this. */
const GRACE_MS = 20_000;
/** Then so much has to come in each of these spans. 1 kB/s: a file of 4 GB takes an hour at a thousand times that. */
const SPAN_MS = 10_000;
const LEAST_BYTES = 10_000;
/** An answer of which nothing is taken for so long is broken off. */
const UNREAD_MS = 120_000;
const HEADERS_MS = 20_000;
const LOOK_EVERY_MS = 1_000;
const MOST_CONNECTIONS = 2_000;

/**
 * @param {import("node:http").Server} server
 * @param {{ graceMs?: number, spanMs?: number, unreadMs?: number, lookEveryMs?: number }} times for tests
 */
export function endSlowPeers(
  server,
  { graceMs = GRACE_MS, spanMs = SPAN_MS, unreadMs = UNREAD_MS, lookEveryMs = LOOK_EVERY_MS } = {},
) {
  server.headersTimeout = HEADERS_MS;
  server.maxConnections = MOST_CONNECTIONS;
  // The socket's own time-out, when nothing moves in either direction: an import's answer may take minutes, and nothing of it
  // waits to be read.
  server.timeout = unreadMs;
  server.on("timeout", (socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });

  /** @type {Map<import("node:http").IncomingMessage, { since: number, bytes: number }>} */
  const arriving = new Map();
  server.on("request", (request) => {
    if (request.complete || !hasBody(request.headers)) return;
    arriving.set(request, { since: performance.now() + graceMs - spanMs, bytes: request.socket.bytesRead });
    const forget = () => arriving.delete(request);
    request.on("end", forget).on("close", forget);
  });
  const leastBytes = (LEAST_BYTES * spanMs) / SPAN_MS;
  setInterval(() => {
    const now = performance.now();
    for (const [request, span] of arriving) {
      const { bytesRead } = request.socket;
      // What has come and is not read yet is our slowness.
      const isOurs = request.readableLength > 0 || request.socket.isPaused();
      if (isOurs || bytesRead - span.bytes >= leastBytes) {
        arriving.set(request, { since: Math.max(now, span.since), bytes: bytesRead });
      } else if (now - span.since >= spanMs) {
        arriving.delete(request);
        request.socket.destroy();
      }
    }
  }, lookEveryMs).unref();
}

const hasBody = ({ "content-length": length, "transfer-encoding": encoding }) =>
  encoding !== undefined || (length !== undefined && length !== "0");
