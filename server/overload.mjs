/**
 * When a web process is asked for more than it can answer: it goes on with what it has begun, and what comes beyond is refused at
 * once. Otherwise each would wait longer than the one before, until whoever asked has gone.
 * docs/limits.md
 */

const LOOK_EVERY_MS = 50;
/** A turn of the event loop that is longer, so often in a row, is more than a moment. */
const LONG_TURN_MS = 200;
const TURNS = 5;
/** Requests that an overloaded process has underway: enough for each turn to save many at once. */
const MOST_UNDERWAY = 64;
/** It is over when nothing had to be refused for so long. */
const OVER_AFTER_MS = 5_000;
const RETRY_AFTER_S = 5;

/** What is told although there is too much to do: it costs little, and whoever watches the server has to know. */
const ALWAYS_TOLD = /^\/(?:api\/(?:health|metrics|v1\/health)|v2\/health)(?:[/?]|$)/;

/**
 * Whether a request is to be refused now, asked once for each: otherwise it counts as underway until its answer begins.
 * @param {{ longTurnMs?: number, turns?: number, mostUnderway?: number, overAfterMs?: number }} limits for tests
 */
export function watchLoad({
  longTurnMs = LONG_TURN_MS,
  turns = TURNS,
  mostUnderway = MOST_UNDERWAY,
  overAfterMs = OVER_AFTER_MS,
} = {}) {
  /** @type {Set<import("node:http").IncomingMessage>} */
  const underway = new Set();
  let looked = performance.now();
  let longTurns = 0;
  let overloadedUntil = 0;
  /** As many as were underway at once since the last look. */
  let peak = 0;
  setInterval(() => {
    const now = performance.now();
    longTurns = now - looked > longTurnMs + LOOK_EVERY_MS ? longTurns + 1 : 0;
    looked = now;
    // A machine that was asleep or busy with others has long turns too, but nobody who waits.
    if (longTurns >= turns && peak > mostUnderway) overloadedUntil = now + overAfterMs;
    peak = underway.size;
  }, LOOK_EVERY_MS).unref();
  /** How many have come whole: a body that drips costs nothing. */
  const ready = () => [...underway].filter(({ complete }) => complete).length;

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @returns {{ status: 503, kind: "busy", reason: string } | null}
   */
  return function refusedFor(request, response) {
    const now = performance.now();
    if (now < overloadedUntil && !ALWAYS_TOLD.test(request.url ?? "") && ready() >= mostUnderway) {
      overloadedUntil = now + overAfterMs;
      response.setHeader("Retry-After", RETRY_AFTER_S);
      return {
        status: 503,
        kind: "busy",
        reason: "too much is asked of it now. Try again in a few seconds.",
      };
    }
    underway.add(request);
    peak = Math.max(peak, underway.size);
    const { writeHead } = response;
    const begun = () => underway.delete(request);
    // An answer that has begun may go on for hours.
    response.writeHead = (...given) => {
      begun();
      return writeHead.apply(response, given);
    };
    response.once("close", begun);
    return null;
  };
}
