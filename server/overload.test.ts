import { once } from "node:events";
import { Agent, createServer, get, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { limitUnderway } from "./overload.mjs";

const MOST = 4;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function sendEndless(response: ServerResponse): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.writeHead(200, { "Content-Type": "text/event-stream" }).write("it goes on");
}

/** A server that answers when it is told to. */
async function serve() {
  const refusedFor = limitUnderway(MOST);
  const waiting: (() => void)[] = [];
  const server = createServer((asked, response) => {
    const refused = refusedFor(asked, response);
    if (refused !== null) response.writeHead(refused.status).end(refused.reason);
    else if (asked.url === "/endless") sendEndless(response);
    else if (asked.url?.match(/health|static/)) response.end("ok");
    else waiting.push(() => response.end("done"));
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
    return answer;
  };
  /** Begins so many, which wait. */
  const fill = async (count: number) => {
    const asked = Array.from({ length: count }, () => ask());
    // The last ones are still waiting as the server ends.
    for (const one of asked) one.catch(() => {});
    while (waiting.length < count) await new Promise(setImmediate);
    return asked;
  };
  const drip = () => {
    const sent = request({ port, method: "POST", headers: { "Content-Length": 10 } });
    sent.on("error", () => {});
    sent.write("1");
    ends.push(() => sent.destroy());
    return once(server, "request");
  };
  const answerAll = () => {
    for (const answer of waiting.splice(0)) answer();
  };
  return { ask, fill, drip, answerAll };
}

it("what is beyond is refused, with when to try again, until something was answered; health and scripts are not", async () => {
  const { ask, fill, answerAll } = await serve();
  const begun = await fill(MOST);
  const refused = await ask();
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "5"]);
  for (const path of ["/api/health/live", "/_next/static/one.js"])
    expect((await ask(path)).statusCode).toBe(200);
  answerAll();
  const statuses = (await Promise.all(begun)).map(({ statusCode }) => statusCode);
  expect(statuses).toEqual(Array(MOST).fill(200));
  expect((await ask("/endless")).statusCode).toBe(200);
});

it("neither answers that go on nor bodies that drip count", async () => {
  const { ask, fill, drip } = await serve();
  for (let at = 0; at < MOST; at++) {
    await ask("/endless");
    await drip();
  }
  await fill(MOST - 1);
  expect((await ask("/endless")).statusCode).toBe(200);
  await fill(MOST);
  expect((await ask()).statusCode).toBe(503);
});
