import { Agent } from "node:http";
import { performance } from "node:perf_hooks";
import { askDatabase } from "../../test/database";
import { addPerson, addTeam, type Credentials, SIGN_IN } from "../../test/people";
import { type Case, takeTurns } from "../cases";
import { exchange } from "../load";
import { formatMs, type Section } from "../report";
import { appPredict, findActionId } from "../requests";
import type { Server, Workshop } from "../servers";
import { median, percentile } from "../statistics";

const WARM_UP = 300;
const SAVES = 1_000;
const ROUNDS = 5;
const WANTED_RATIO = 1.15;

type Entry = { name: string; server: Server; as: Credentials; url: string };

/**
 * What sign-in, audit and limits add to predict and save: a server with them and one without, a save at a time, one to each in
 * turn, so that whatever slows the machine slows both.
 */
export async function measureSignIn(shop: Workshop, cases: readonly Case[]): Promise<Section> {
  const [off, on] = [await enterOff(shop), await enterOn(shop)];
  const action = findActionId("app/actions.ts", "predict");
  const turn = takeTurns(cases);
  const agent = new Agent({ keepAlive: true });
  const errors: string[] = [];
  const save = async ({ server, as, name }: Entry): Promise<number> => {
    const { outgoing, check } = appPredict(server.port, action, turn);
    const headers = { ...outgoing.headers, ...as };
    const begun = performance.now();
    const answer = await exchange(server.port, agent, { ...outgoing, headers });
    const ms = performance.now() - begun;
    const wrong = check(answer);
    if (wrong !== null) errors.push(`${name}: ${wrong}`);
    return ms;
  };
  const both = async (count: number) => {
    const ms: [off: number[], on: number[]] = [[], []];
    for (let at = 0; at < count; at++) {
      // Who comes first takes turns too.
      if (at % 2 === 0) ms[0].push(await save(off));
      ms[1].push(await save(on));
      if (at % 2 === 1) ms[0].push(await save(off));
    }
    return ms.map((each) => [percentile(each, 50), percentile(each, 95)]) as [number[], number[]];
  };
  await both(WARM_UP);
  const rounds: Awaited<ReturnType<typeof both>>[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await both(SAVES));
  agent.destroy();
  await Promise.all([off.server.stop(), on.server.stop()]);

  const made = WARM_UP + ROUNDS * SAVES;
  const [recorded] = await askDatabase<{ count: number }>(
    on.url,
    "SELECT count(*) AS count FROM audit_entry WHERE act = 'prediction_saved'",
  );
  if (recorded?.count !== made) errors.push(`${made} saves, but ${recorded?.count} entries in the audit`);
  const ratios = rounds.map(([[without = 0], [signedIn = 0]]) => signedIn / without);
  const ratio = median(ratios);
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  const figures = ([0, 1] as const).map((which) =>
    [0, 1].map((at) => median(rounds.map((round) => round[which][at] ?? Number.NaN))),
  );
  return {
    title: `Predict and save with and without sign-in, one at a time, ${ROUNDS} rounds of ${SAVES} each`,
    header: ["", "p50 ms", "p95 ms"],
    rows: [off, on].map(({ name }, which) => [name, ...(figures[which] ?? []).map(formatMs)]),
    notes: [
      `Sign-in, audit and limits: x ${ratio.toFixed(3)} at the median of the rounds (${least.toFixed(3)} to ${most.toFixed(3)}), wanted at most x ${WANTED_RATIO}: ${ratio <= WANTED_RATIO ? "met" : "NOT MET"}.`,
    ],
    data: { ratio, ratios, figures },
    errors,
  };
}

async function enterOff(shop: Workshop): Promise<Entry> {
  const database = shop.createDatabase();
  return { name: "without", server: await shop.startApp(database), as: {}, url: `file:${database}` };
}

async function enterOn(shop: Workshop): Promise<Entry> {
  const database = shop.createDatabase();
  const url = `file:${database}`;
  await addTeam(url, "home");
  const as = await addPerson(url, { role: "predictor" });
  // Nobody saves so fast; the limits count all the same.
  const settings = { ...SIGN_IN, PUBLIC_URL: "http://localhost:3000", RATE_LIMIT_FACTOR: "1000" };
  return { name: "with sign-in, audit and limits", server: await shop.startApp(database, settings), as, url };
}
