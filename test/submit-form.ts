import { expect } from "@playwright/test";
import { findActionId } from "../bench/requests";
import { FEATURE_KEYS, SAMPLES } from "../tables/current";
import type { AppServer } from "./app-server";
import { parseActionAnswer } from "./flight";

const actionId = findActionId("app/actions.ts", "predict");

/** Sends a filled form as the page does and gives the id of its saved prediction; `form` chooses the sample. */
export const submitForm = (server: AppServer, key: string, form: number): Promise<string> =>
  submitCase(server, { key, values: SAMPLES[form % SAMPLES.length]?.values ?? [] });

/** The same for any case. */
export async function submitCase(
  { url }: AppServer,
  { key, caseCode = "", values }: { key: string; caseCode?: string; values: readonly number[] },
): Promise<string> {
  const texts = Object.fromEntries(FEATURE_KEYS.map((feature, f) => [feature, String(values[f])]));
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "text/plain;charset=UTF-8",
      "Next-Action": actionId,
      Origin: url,
      // On a connection kept from an earlier test the server could hang up at this very moment.
      Connection: "close",
    },
    body: JSON.stringify([{ key, caseCode, values: texts }]),
  });
  const outcome = parseActionAnswer(Buffer.from(await response.arrayBuffer())) as {
    ok: boolean;
    value?: { id: string };
  };
  expect(outcome.ok, JSON.stringify(outcome)).toBe(true);
  return outcome.value?.id ?? "";
}
