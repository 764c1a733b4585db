import "server-only";

/** An answer that is one sentence. */
export const sayPlainly = (status: number, sentence: string, headers: Record<string, string> = {}) =>
  new Response(`${sentence}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers },
  });

const RETRY_AFTER_SECONDS = 10;

/** That what runs already has to end first; `what` is that, as a sentence. */
export const sayBusy = (what: string) =>
  sayPlainly(503, `${what} Try again in a moment.`, { "retry-after": String(RETRY_AFTER_SECONDS) });
