import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, test } from "@playwright/test";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { submitForm } from "../test/submit-form";
import { createThrowawayDatabase } from "../test/throwaway";

const ANSWER = JSON.stringify({
  predictions: [{ diagnosis: "M", probability: 0.9, contributions: null }],
  model: { name: "remote", version: "7", hash: null, threshold: 0.5 },
  requestId: "r",
});

/** A model that keeps each question until it is told to answer. */
async function startHeldModel() {
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    // Whether it is there is asked for as well.
    if (request.method !== "POST") {
      response.end();
      return;
    }
    held.push(response);
    server.emit("held");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/predict`,
    /** Resolves when `count` questions are there. */
    asked: async (count: number) => {
      while (held.length < count) await once(server, "held");
    },
    answer: () => {
      for (const response of held)
        response.writeHead(200, { "content-type": "application/json" }).end(ANSWER);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Resolves when nobody takes connections at an address any more. */
async function refused({ url }: AppServer): Promise<void> {
  for (;;) {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const taken = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (!taken) return;
  }
}

/** Whether any process of a server's group lives. */
function lives({ process: { pid } }: AppServer): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

const NPM_START = ["npm", "start"] as const;
const START = [process.execPath, "scripts/start.mjs"] as const;
const WAYS = [
  { name: "SIGTERM to the group of npm start", signal: "SIGTERM", command: NPM_START, group: true },
  { name: "SIGINT to the group of npm start", signal: "SIGINT", command: NPM_START, group: true },
  { name: "SIGTERM to npm alone", signal: "SIGTERM", command: NPM_START, group: false },
  { name: "SIGTERM to what npm starts alone", signal: "SIGTERM", command: START, group: false },
] as const;

for (const { name, signal, command, group } of WAYS) {
  test(`${name} answers and saves what is in flight, and leaves neither process nor port${group && signal === "SIGTERM" ? "" : " @long"}`, async () => {
    const database = createThrowawayDatabase();
    const model = await startHeldModel();
    const server = await AppServer.start(database.url, { MODEL_URL: model.url, WEB_PROCESSES: "2" }, command);
    try {
      const submits = Promise.all(
        Array.from({ length: 10 }, (_, form) => submitForm(server, crypto.randomUUID(), form)),
      );
      await model.asked(10);
      const { pid } = server.process;
      process.kill(group ? -pid : pid, signal);
      await refused(server);
      model.answer();
      const acknowledged = await submits;
      await expect.poll(() => lives(server), { timeout: 10_000 }).toBe(false);
      const saved = await askDatabase<{ id: string }>(database.url, "SELECT id FROM prediction");
      expect(saved.map(({ id }) => id).sort()).toEqual(acknowledged.sort());
      expect(server.log).not.toContain("starting another");
      await server.start();
    } finally {
      await server.stop();
      model.close();
      database.remove();
    }
  });
}

test("a request that takes too long is broken off, and the server ends within ten seconds @long", async () => {
  const database = createThrowawayDatabase();
  const model = await startHeldModel();
  const server = await AppServer.start(database.url, { MODEL_URL: model.url });
  try {
    const submit = expect(submitForm(server, crypto.randomUUID(), 0)).rejects.toThrow();
    await model.asked(1);
    const begun = performance.now();
    const ended = once(server.process, "exit");
    process.kill(server.process.pid, "SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await submit;
    expect(server.log).toContain("Stopped without an answer to 1 request");
  } finally {
    model.close();
    database.remove();
  }
});
