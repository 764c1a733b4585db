import { once } from "node:events";
import { createServer, get } from "node:http";
import { connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { freePort } from "../test/free-port";
import { checkPort, listen } from "./listening.mjs";

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function serve() {
  const where = { port: await freePort(), host: "127.0.0.1" };
  const server = createServer((_, response) => response.end("here"));
  server.maxConnections = 2_000;
  const listening = listen(server, where);
  const close = () => {
    server.closeAllConnections();
    for (const one of listening) one.close();
  };
  ends.push(close);
  await once(server, "listening");
  return { server, where, close };
}

it.runIf(process.platform === "linux")("a turn of the event loop takes several connections", async () => {
  const { server, where } = await serve();
  let inTurn = 0;
  let most = 0;
  server.on("connection", () => {
    inTurn++;
    most = Math.max(most, inTurn);
  });
  const sockets = Array.from({ length: 64 }, () => connect(where));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  const connected = Promise.all(sockets.map((socket) => once(socket, "connect")));
  // They are there while nobody takes them.
  await Promise.resolve();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  let taken = 0;
  while (taken < sockets.length) {
    await nextTurn();
    taken += inTurn;
    inTurn = 0;
  }
  await connected;
  expect(most).toBeGreaterThan(4);
});

it("each connection is answered, and none is taken any more once it has ended", async () => {
  const { where, close } = await serve();
  const statuses = await Promise.all(
    Array.from({ length: 64 }, async () => {
      const [answer] = await once(get({ ...where, agent: false }), "response");
      answer.resume();
      return answer.statusCode;
    }),
  );
  expect(statuses).toEqual(Array(64).fill(200));
  close();
  await expect(once(connect(where), "connect")).rejects.toThrow("ECONNREFUSED");
  await checkPort(where.port, where.host);
});

it("a port that another server has is not shared with it", async () => {
  const { where } = await serve();
  await expect(checkPort(where.port, where.host)).rejects.toThrow("EADDRINUSE");
});
