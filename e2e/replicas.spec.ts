import { expect, test } from "@playwright/test";
import { parseActionAnswer } from "../bench/flight";
import { findActionId } from "../bench/requests";
import { SAMPLES } from "../lib/samples";
import { FEATURE_KEYS } from "../model/features";
import { createThrowawayDatabase } from "../prisma/throwaway";
import { askDatabase } from "./database";
import { AppServer } from "./server";

const SUBMITS = 200;
const FORMS = 50;

/** Sends a filled form as the page does and gives the id of its saved prediction. */
async function submit({ url }: AppServer, actionId: string, key: string, form: number): Promise<string> {
  const values = SAMPLES[form % SAMPLES.length]?.values ?? [];
  const texts = Object.fromEntries(FEATURE_KEYS.map((feature, f) => [feature, String(values[f])]));
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "text/plain;charset=UTF-8", "Next-Action": actionId, Origin: url },
    body: JSON.stringify([{ key, values: texts }]),
  });
  const outcome = parseActionAnswer(Buffer.from(await response.arrayBuffer())) as {
    ok: boolean;
    value?: { id: string };
  };
  expect(outcome.ok, JSON.stringify(outcome)).toBe(true);
  return outcome.value?.id ?? "";
}

test("two servers on one database save each of 50 forms once, however their 200 submits meet", async () => {
  const database = createThrowawayDatabase();
  const servers = await Promise.all([AppServer.start(database.url), AppServer.start(database.url)]);
  try {
    const actionId = findActionId("app/actions.ts", "predict");
    const keys = Array.from({ length: FORMS }, () => crypto.randomUUID());
    // Each form goes to both servers twice; one of them gets the forms in the other order, so that they meet.
    const sent = Array.from({ length: SUBMITS }, (_, i) => {
      const server = Math.floor(i / FORMS) % 2;
      return { server, form: server === 0 ? i % FORMS : FORMS - 1 - (i % FORMS) };
    });
    const ids = await Promise.all(
      sent.map(({ server, form }) =>
        submit(servers[server] as AppServer, actionId, keys[form] as string, form),
      ),
    );
    const saved = await askDatabase<{ id: string }>(database.url, "SELECT id FROM prediction");
    expect(saved).toHaveLength(FORMS);
    expect(new Set(ids)).toEqual(new Set(saved.map(({ id }) => id)));
    const idsOfForm = keys.map((_, form) => new Set(ids.filter((_, i) => sent[i]?.form === form)));
    expect(idsOfForm.map(({ size }) => size)).toEqual(keys.map(() => 1));
    for (const { log } of servers) {
      expect(log).toContain(`"database":"postgresql://${new URL(database.url).host}/`);
      expect(log).not.toContain(new URL(database.url).password);
    }
    // Both kept the one model, and each detail belongs to a row that is there.
    const [counts] = await askDatabase<Record<string, number | string>>(
      database.url,
      `SELECT (SELECT count(*) FROM model) AS models, (SELECT count(*) FROM prediction_detail) AS details`,
    );
    expect([Number(counts?.models), Number(counts?.details)]).toEqual([1, FORMS]);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    database.remove();
  }
});
