import { createHmac } from "node:crypto";
import type { lookup as lookUp } from "node:dns";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { startLoopback } from "@/test/loopback";
import { createThrowawayDatabase } from "@/test/throwaway";

/** What the receiver answers, one after the other; then 204. */
let answers: (number | { status: number; location: string })[] = [];
const receiver = await startLoopback((_, response) => {
  const answer = answers.shift() ?? 204;
  if (typeof answer === "number") response.writeHead(answer);
  else response.writeHead(answer.status, { Location: answer.location });
  response.end("anything");
});
const SECRET = Buffer.alloc(32, 5);
const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
process.env.WEBHOOK_URL = `${receiver.url}/hook?from=here`;
process.env.WEBHOOK_HOSTS = "127.0.0.1";
process.env.WEBHOOK_SECRET = `whsec_${SECRET.toString("base64")}`;
const { database } = await import("@/lib/server/database/db");
const { eventOf, isAllowed, post, sendDue } = await import("./webhook");

afterEach(async () => {
  answers = [];
  receiver.received.length = 0;
  await (await database()).batch.deleteMany();
});

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
  await receiver.close();
});

async function finish(id: string): Promise<void> {
  const { batch } = await database();
  const data = { id, createdAt: new Date(), fileName: "cases.csv", bytes: 5n, backend: "embedded" };
  const check = { rows: 8, bad: 1, problems: [], outside: [], trainingCases: 0, truth: null };
  await batch.create({
    data: {
      ...{ ...data, state: "finished", parts: 1, done: 7, seen: 3, worker: "still here" },
      ...{ tally: '{"bins":{},"cautions":{},"truth":{}}', ...eventOf("finished") },
      check: JSON.stringify({ ...check, warnings: [], inParallel: true }),
    },
  });
}

const left = async () => (await database()).batch.findMany({ where: { event: { not: null } } });
const later = (minutes: number) => new Date(Date.now() + minutes * 60_000);

describe("an event", () => {
  it("is sent once, signed, with what came of the batch", async () => {
    await finish("one");
    await sendDue(later(0));
    await sendDue(later(1));
    expect(receiver.received).toHaveLength(1);
    const [sent] = receiver.received;
    if (sent === undefined) throw new Error("nothing was sent");
    const { path, headers, body } = sent;
    expect(path).toBe("/hook?from=here");
    expect(JSON.parse(body)).toEqual({
      type: "batch.finished",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        ...{ batch: "one", fileName: "cases.csv", state: "finished", problem: null },
        ...{ done: 7, total: 7, rows: 8, badRows: 1, link: "/api/v1/batches/one" },
      },
    });
    const { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signature } = headers;
    const expected = createHmac("sha256", SECRET).update(`${id}.${seconds}.${body}`).digest("base64");
    expect(signature).toBe(`v1,${expected}`);
    expect(await left()).toEqual([]);
  });

  it("is sent again, under the same id and later each time, until it is taken", async () => {
    await finish("two");
    answers = [500, { status: 307, location: `${receiver.url}/elsewhere` }, 404];
    await sendDue(later(0));
    await sendDue(later(0.4));
    expect(receiver.received).toHaveLength(1);
    await sendDue(later(0.6));
    await sendDue(later(6));
    await sendDue(later(40));
    await sendDue(later(60));
    expect(receiver.received.map(({ path }) => path)).toEqual(Array(4).fill("/hook?from=here"));
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(await left()).toEqual([]);
  });

  it("is given up after its last try, and at once where the receiver is gone for good", async () => {
    await finish("three");
    answers = Array(20).fill(503);
    for (let tries = 0; tries < 12; tries++) await sendDue(later(tries * 1_000));
    expect([receiver.received.length, await left()]).toEqual([8, []]);
    await finish("four");
    answers = [410];
    await sendDue(later(0));
    expect(await left()).toEqual([]);
  });

  it("is sent once where two processes look at the same time", async () => {
    await finish("five");
    await Promise.all([sendDue(later(0)), sendDue(later(0))]);
    expect(receiver.received).toHaveLength(1);
  });

  it("is of what an engine does by itself", () => {
    expect(eventOf("running")).toEqual({});
    expect(eventOf("stopped")).toEqual({});
    expect(eventOf("paused").event).toContain("batch.paused");
  });
});

describe("an address", () => {
  const port = new URL(receiver.url).port;
  const resolveTo = (...addresses: string[]) =>
    ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      )) as unknown as typeof lookUp;

  it.each([
    [["127.0.0.1"]],
    [["8.8.8.8", "127.0.0.1"]],
    [["10.1.2.3"]],
    [["169.254.169.254"]],
    [["::ffff:127.0.0.1"]],
  ])("of a name that is %j is not connected to", async (addresses) => {
    const target = { href: `http://hooks.example.org:${port}/`, isLocal: false };
    await expect(post(target, "{}", {}, resolveTo(...addresses))).rejects.toThrow(
      "is no address of the public internet",
    );
    expect(receiver.received).toEqual([]);
  });

  it.each(["127.0.0.1", "2130706433", "[::1]", "[::ffff:7f00:1]"])(
    "written as %s is refused where it is not allowed by name",
    async (host) => {
      const target = { href: `http://${host}:${port}/`, isLocal: false };
      await expect(post(target, "{}", {})).rejects.toThrow("is no address of the public internet");
    },
  );

  it("of this machine by its name is this machine's", async () => {
    const local = { href: `http://localhost:${port}/`, isLocal: true };
    expect(await post(local, "{}", {}, resolveTo("127.0.0.1"))).toBe(204);
    await expect(post(local, "{}", {}, resolveTo("192.168.0.5"))).rejects.toThrow("no address");
  });

  it("is public or not", () => {
    for (const address of ["8.8.8.8", "193.99.144.80", "172.32.0.1", "2606:4700::1111"]) {
      expect([address, isAllowed(address, false)]).toEqual([address, true]);
    }
    const specials = [
      "0.0.0.0",
      "100.64.0.1",
      "172.31.255.255",
      "192.168.1.1",
      "224.0.0.1",
      "255.255.255.255",
    ];
    for (const address of [
      ...specials,
      "::",
      "fe80::1",
      "fd00::1",
      "64:ff9b::a00:1",
      "2002:a00:1::",
      "ff02::1",
    ]) {
      expect([address, isAllowed(address, false)]).toEqual([address, false]);
    }
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(isAllowed(address, false) && /^::ffff:/i.test(address)).toBe(false);
      }),
    );
  });
});
