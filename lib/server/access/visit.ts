import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import type { ServerResponse } from "node:http";

/** The answer that a server action is part of, of which Next lets no action set the status. */

// The door and the pages are bundled apart.
const STORE = Symbol.for("cytodesk.visit");
const shared = globalThis as { [STORE]?: AsyncLocalStorage<ServerResponse> };
shared[STORE] ??= new AsyncLocalStorage();
const store = shared[STORE];

/** Runs `work`, which may say by what follows how its answer is sent. */
export const visiting = <T>(response: ServerResponse, work: () => T): T => store.run(response, work);

/** Has the browser forget what pages of ours keep in it, drafts and copies of answers among it: the next person is another. */
export function forgetInBrowser(): void {
  const response = store.getStore();
  if (response === undefined || response.headersSent) return;
  response.setHeader("Clear-Site-Data", '"cache", "storage"');
}

/** Has the answer sent as 429; `seconds`: until it is worth trying again. */
export function tooManyTries(seconds: number): void {
  const response = store.getStore();
  if (response === undefined || response.headersSent) return;
  response.statusCode = 429;
  response.setHeader("Retry-After", String(seconds));
}
