import { expect } from "@playwright/test";
import { findActionId } from "../bench/requests";
import { FEATURE_KEYS, SAMPLES } from "../tables/current";
import type { AppServer } from "./app-server";
import { parseActionAnswer } from "./flight";

const actionId = findActionId("app/actions.ts", "predict");

/** Sends a filled form as the page does and gives the id of its saved prediction; `form` chooses the sample. */
export const submitForm = (server: AppServer, key: string, form: number): Promise<string> =>
  submitCase(server, { key, values: SAMPLES[form % SAMPLES.length]?.values ?? [] });

type Sent = { key: string; caseCode?: string; values: readonly number[] };

/** What the page of a filled form at `origin` sends to `action`. */
export function formRequest(origin: string, action: string, { key, caseCode = "", values }: Sent) {
  const texts = Object.fromEntries(FEATURE_KEYS.map((feature, f) => [feature, String(values[f])]));
  return {
    method: "POST",
    headers: { "Content-Type": "text/plain;charset=UTF-8", "Next-Action": action, Origin: origin },
    body: JSON.stringify([{ key, caseCode, values: texts }]),
  };
}

/** The id of the prediction that was saved, of the answer to a form. */
export function savedId(answer: Uint8Array): string {
  const outcome = parseActionAnswer(Buffer.from(answer)) as { ok: boolean; value?: { id: string } };
  expect(outcome.ok, JSON.stringify(outcome)).toBe(true);
  return outcome.value?.id ?? "";
}

/** The same for any case. */
export async function submitCase({ url }: AppServer, sent: Sent): Promise<string> {
  const { headers, ...request } = formRequest(url, actionId, sent);
  // On a connection kept from an earlier test the server could hang up at this very moment.
  const response = await fetch(url, { ...request, headers: { ...headers, Connection: "close" } });
  return savedId(new Uint8Array(await response.arrayBuffer()));
}
