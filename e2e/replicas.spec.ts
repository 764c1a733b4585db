import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { submitForm } from "../test/submit-form";
import { createThrowawayDatabase } from "../test/throwaway";
import { expect, test } from "./fixtures";

const SUBMITS = 200;
const FORMS = 50;

test("two servers on one database save each of 50 forms once, however their 200 submits meet @postgresql", async () => {
  const database = createThrowawayDatabase();
  const servers = await Promise.all([AppServer.start(database.url), AppServer.start(database.url)]);
  try {
    const keys = Array.from({ length: FORMS }, () => crypto.randomUUID());
    // Each form goes to both servers twice; one of them gets the forms in the other order, so that they meet.
    const sent = Array.from({ length: SUBMITS }, (_, i) => {
      const server = Math.floor(i / FORMS) % 2;
      return { server, form: server === 0 ? i % FORMS : FORMS - 1 - (i % FORMS) };
    });
    const ids = await Promise.all(
      sent.map(({ server, form }) => submitForm(servers[server] as AppServer, keys[form] as string, form)),
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
