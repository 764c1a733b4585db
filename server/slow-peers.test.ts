import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { endSlowPeers } from "./slow-peers.mjs";

const TIMES = { graceMs: 300, spanMs: 200, unreadMs: 300, lookEveryMs: 20 };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage) => Promise<string>, times = TIMES) {
  const server = createServer((request, response) => {
    answer(request).then(
      (text) => response.end(text),
      () => response.destroy(),
    );
  });
  servers.push(server);
  endSlowPeers(server, times);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => {});
  const got: string[] = [];
  socket.setEncoding("latin1");
  return { socket, got, closed: once(socket, "close").then(() => "closed") };
}

const readAll = async (request: IncomingMessage) => {
  let bytes = 0;
  for await (const chunk of request) bytes += chunk.length;
  return String(bytes);
};

const HEAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ";

describe("a body", () => {
  it("that stops to arrive is given up", async () => {
    const { socket, closed } = await serve(readAll);
    socket.resume();
    socket.write(`${HEAD}1000\r\n\r\nabc`);
    expect(await Promise.race([closed, pause(60_000, "open")])).toBe("closed");
  });

  it("that drips is given up", async () => {
    const { socket, closed } = await serve(readAll);
    socket.resume();
    socket.write(`${HEAD}100000\r\n\r\n`);
    const drip = setInterval(() => socket.write("x"), 20);
    expect(await Promise.race([closed, pause(60_000, "open")])).toBe("closed");
    clearInterval(drip);
  });

  it("that arrives slowly, above the floor, is read to its end", async () => {
    // Four times the floor of 1 kB/s, since a busy machine is late.
    const { socket, got, closed } = await serve(readAll, { ...TIMES, spanMs: 1_000 });
    socket.on("data", (text: string) => got.push(text));
    const parts = 40;
    socket.write(`${HEAD}${parts * 200}\r\n\r\n`);
    for (let part = 0; part < parts; part++) {
      socket.write("x".repeat(200));
      await pause(50);
    }
    expect(await Promise.race([closed, pause(300, "open")])).toBe("open");
    expect(got.join("")).toMatch(/200 OK[\s\S]*\b8000$/);
  });

  it("that the server itself reads slowly is not", async () => {
    const size = 4_000_000;
    const { socket, got } = await serve(async (request) => {
      let bytes = 0;
      for await (const chunk of request) {
        if (bytes === 0) await pause(1_500);
        bytes += chunk.length;
      }
      return String(bytes);
    });
    socket.on("data", (text: string) => got.push(text));
    socket.write(`${HEAD}${size}\r\n\r\n`);
    socket.write("x".repeat(size));
    await expect.poll(() => got.join(""), { timeout: 60_000 }).toMatch(new RegExp(`${size}$`));
  });
});

describe("an answer", () => {
  it("that nobody reads is broken off", async () => {
    const { socket, closed } = await serve(async () => "x".repeat(50_000_000));
    socket.pause();
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const [server] = servers;
    await once(server as Server, "connection");
    await expect
      .poll(() => new Promise((resolve) => server?.getConnections((_, count) => resolve(count))), {
        timeout: 60_000,
      })
      .toBe(0);
    socket.destroy();
    await closed;
  });

  it("that takes long to be made is waited for", async () => {
    const { socket, got } = await serve(async () => {
      await pause(1_000);
      return "made";
    });
    socket.on("data", (text: string) => got.push(text));
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => got.join(""), { timeout: 60_000 }).toMatch(/made$/);
  });
});
