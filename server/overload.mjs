/**
 * How many requests a web process works on at a time: what comes beyond is refused at once. Otherwise each would wait longer than
 * the one before, until whoever asked has gone.
 * docs/limits.md
 */

/** A class that presses a button at the same time; less than a second's work. With more, every turn of the event loop is longer. */
const MOST_UNDERWAY = 128;
const RETRY_AFTER_S = 5;

/**
 * What is answered although there is too much to do: it costs little. Whoever watches the server has to know, and a page that was
 * answered needs its scripts.
 */
const ALWAYS_ANSWERED = /^\/(?:api\/(?:health|metrics|v1\/health)|v2\/health|_next\/static)(?:[/?]|$)/;

/** An answer that may go on for hours, at the pace of whoever takes it; of a page much is made after it has begun. */
const goesOn = (response) =>
  String(response.getHeader("content-type")).startsWith("text/event-stream") ||
  response.hasHeader("content-disposition");

/**
 * Whether a request is to be refused now, asked once for each: otherwise it counts as underway until its answer ends. One that
 * has not come whole counts for nothing: a body that drips takes no work.
 */
export function limitUnderway(most = MOST_UNDERWAY) {
  /** @type {Set<import("node:http").IncomingMessage>} */
  const underway = new Set();
  const isFull = () =>
    underway.size >= most && [...underway].filter(({ complete }) => complete).length >= most;

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @returns {{ status: 503, kind: "busy", reason: string } | null}
   */
  return function refusedFor(request, response) {
    if (ALWAYS_ANSWERED.test(request.url ?? "")) return null;
    if (isFull()) {
      response.setHeader("Retry-After", RETRY_AFTER_S);
      return {
        status: 503,
        kind: "busy",
        reason: "too much is asked of it now. Try again in a few seconds.",
      };
    }
    underway.add(request);
    const { writeHead } = response;
    const end = () => underway.delete(request);
    response.writeHead = (...given) => {
      writeHead.apply(response, given);
      if (goesOn(response)) end();
      return response;
    };
    response.once("close", end);
    return null;
  };
}
