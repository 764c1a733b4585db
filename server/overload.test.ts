import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { watchLoad } from "./overload.mjs";

const TURN_MS = 30;
const MOST = 4;
const LIMITS = { longTurnMs: TURN_MS, turns: 2, mostUnderway: MOST, overAfterMs: 200 };
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A server that takes so much processor time for each request, and answers in a later turn. */
async function serve(costMs: number) {
  const refusedFor = watchLoad(LIMITS);
  let most = 0;
  let underway = 0;
  const server = createServer(async (request, response) => {
    const refused = refusedFor(request, response);
    if (refused !== null) {
      response.writeHead(refused.status).end(refused.reason);
      return;
    }
    underway++;
    most = Math.max(most, underway);
    for (const end = performance.now() + costMs; performance.now() < end; );
    await pause(1);
    underway--;
    response.end("done");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const agent = new Agent({ keepAlive: true });
  ends.push(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const ask = async (path = "/"): Promise<IncomingMessage> => {
    const [answer] = (await once(get({ port, path, agent }), "response")) as [IncomingMessage];
    answer.resume();
    await once(answer, "end");
    return answer;
  };
  return { ask, mostUnderway: () => most };
}

/** Asks by so many connections at once, until something is refused; whether it was. */
async function askUntilRefused(ask: () => Promise<IncomingMessage>, connections: number, most = 1_000) {
  const refused: IncomingMessage[] = [];
  const connection = async () => {
    for (let tries = 0; tries < most && refused.length === 0; tries++) {
      const answer = await ask();
      if (answer.statusCode !== 200) refused.push(answer);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return refused[0] ?? null;
}

it("more than it can answer is refused, with when to try again; health is told, and all is answered once it is over", async () => {
  const { ask } = await serve(5);
  const refused = await askUntilRefused(ask, 30);
  expect([refused?.statusCode, refused?.headers["retry-after"]]).toEqual([503, "5"]);
  const beside = Array.from({ length: 30 }, () => ask().catch(() => null));
  expect((await ask("/api/health/live")).statusCode).toBe(200);
  await Promise.all(beside);
  await pause(2 * LIMITS.overAfterMs);
  expect((await ask()).statusCode).toBe(200);
});

it("few that take long each are no overload", async () => {
  const { ask } = await serve(2 * TURN_MS);
  expect(await askUntilRefused(ask, MOST - 1, 8)).toBeNull();
});

it("many that take little are none either", async () => {
  const { ask, mostUnderway } = await serve(0);
  expect(await askUntilRefused(ask, 50, 8)).toBeNull();
  expect(mostUnderway()).toBeGreaterThan(MOST);
});
