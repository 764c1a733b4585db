import "server-only";
import { createHmac } from "node:crypto";
import { lookup as lookUp } from "node:dns";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { BlockList, isIP, isIPv4, type LookupFunction } from "node:net";
import { v7 as uuidv7 } from "uuid";
import * as z from "zod";
import type { BatchState } from "@/lib/batch/batch";
import { progressOf } from "@/lib/batch/progress";
import { actor, HOME } from "@/lib/server/access/actor";
import { forEachTeam } from "@/lib/server/access/teams";
import { database } from "@/lib/server/database/db";
import { env } from "@/lib/server/env";
import type { Batch as BatchRecord } from "@/lib/server/generated/sqlite/client";
import { log } from "@/lib/server/log";
import { fromJson } from "@/lib/server/prediction/predictions";
import { words } from "@/tables/current";
import { toBatch } from "./batches";

/**
 * Tells WEBHOOK_URL what became of batches, signed as Standard Webhooks has it (standardwebhooks.com). What is to be told is
 * kept in the batch's row until it was taken, so that a restart goes on; a later event takes the place of an earlier one. It
 * may come more than once, under the same id.
 */

/** What an engine does to a batch by itself; what a person or a program does, they know. */
const TYPES: Partial<Record<BatchState, string>> = {
  read: "batch.read",
  unread: "batch.unread",
  paused: "batch.paused",
  finished: "batch.finished",
};

const event = z.object({ id: z.string(), type: z.string(), at: z.string(), tries: z.int() });

/** What a batch's row has beside a new state, so that it is told; nothing where the state or the webhook asks for none. */
export function eventOf(state: BatchState): Partial<Pick<BatchRecord, "event" | "eventDueAt">> {
  const type = TYPES[state];
  if (type === undefined || env().WEBHOOK_URL === undefined) return {};
  const now = new Date();
  const told: z.infer<typeof event> = { id: `msg_${uuidv7()}`, type, at: now.toISOString(), tries: 0 };
  return { event: JSON.stringify(told), eventDueAt: now };
}

const MINUTE_MS = 60_000;
/** How long after each failure it is tried again; the first is longer than a try takes. */
const WAITS_MS = [0.5, 5, 30, 120, 300, 600, 600].map((minutes) => minutes * MINUTE_MS);
const LOOK_EVERY_MS = 1_000;
const MOST_AT_ONCE = 20;
const GONE = 410;

/** Tells events for as long as the process runs, where there is a webhook. */
export function startWebhook(): void {
  if (env().WEBHOOK_URL === undefined) return;
  let isBusy = false;
  setInterval(async () => {
    if (isBusy) return;
    isBusy = true;
    await forEachTeam("events_not_sent", () => sendDue());
    isBusy = false;
  }, LOOK_EVERY_MS).unref();
}

/** Sends what is due; each try is written down before it is made, so that no other process makes it too. */
export async function sendDue(now = new Date()): Promise<void> {
  const { batch } = await database();
  const due = await batch.findMany({
    where: { eventDueAt: { lte: now } },
    orderBy: { eventDueAt: "asc" },
    take: MOST_AT_ONCE,
  });
  for (const record of due) await send(record, now);
}

async function send(record: BatchRecord, now: Date): Promise<void> {
  const { WEBHOOK_URL: url, WEBHOOK_SECRET: secret } = env();
  const told = fromJson(event, record.event);
  if (url === undefined || secret === undefined || told === null) return;
  const { batch } = await database();
  const wait = WAITS_MS[told.tries];
  const trying = JSON.stringify({ ...told, tries: told.tries + 1 });
  const { count } = await batch.updateMany({
    where: { id: record.id, event: record.event },
    data: { event: trying, eventDueAt: wait === undefined ? null : new Date(now.getTime() + wait) },
  });
  if (count === 0) return;
  const status = await post(url, ...signed(told, record, secret)).catch((error: unknown) => {
    log("warn", "event_not_sent", { batch: record.id, type: told.type, tries: told.tries + 1 }, error);
    return null;
  });
  const isTaken = status !== null && status >= 200 && status < 300;
  if (!isTaken && status !== null) {
    log("warn", "event_not_taken", { batch: record.id, type: told.type, tries: told.tries + 1, status });
  }
  if (!isTaken && status !== GONE && wait !== undefined) return;
  await batch.updateMany({
    where: { id: record.id, event: trying },
    data: { event: null, eventDueAt: null },
  });
}

/** An event's body, and the headers by which it is known to be ours. */
function signed(
  { id, type, at }: z.infer<typeof event>,
  record: BatchRecord,
  secret: Buffer,
): [body: string, headers: Record<string, string>] {
  // What is written down, although the process that wrote it may not have let go of the batch yet.
  const batch = toBatch({ ...record, worker: null });
  const { team } = actor();
  const { state, done, total } = progressOf(batch);
  const { problem, fileName, check } = batch;
  const body = JSON.stringify({
    type,
    timestamp: at,
    data: {
      ...{ batch: batch.id, fileName, state, problem, done, total },
      // Whose key reads it.
      ...(team !== HOME && { team }),
      rows: check?.rows ?? null,
      badRows: check?.bad ?? null,
      link: `/api/v1/batches/${batch.id}`,
    },
  });
  const seconds = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64");
  return [
    body,
    {
      "Content-Type": "application/json",
      "User-Agent": words.app.slug,
      "webhook-id": id,
      "webhook-timestamp": seconds,
      "webhook-signature": `v1,${signature}`,
    },
  ];
}

const LONGEST_MS = 10_000;

/**
 * Posts to an address outside, or to one of this machine where the URL names it; the answer's status, whatever its body. Throws
 * where the host's address is a private one, of the look-up by which it connects: another one could tell another address.
 */
export async function post(
  { href, isLocal }: { href: string; isLocal: boolean },
  body: string,
  headers: Record<string, string>,
  resolveName: typeof lookUp = lookUp,
): Promise<number> {
  const { protocol, hostname } = new URL(href);
  const literal = hostname.replace(/^\[|\]$/g, "");
  // What is an address is not looked up.
  if (isIP(literal) !== 0 && !isAllowed(literal, isLocal)) throw new Error(refused(literal));
  const lookup: LookupFunction = (name, options, done) => {
    resolveName(name, { ...options, all: true }, (error, found) => {
      const bad = found?.find(({ address }) => !isAllowed(address, isLocal));
      const [first] = found ?? [];
      if (error !== null || first === undefined) done(error ?? new Error(`${name} has no address`), []);
      else if (bad !== undefined) done(new Error(refused(bad.address)), []);
      else if (options.all === true) done(null, found);
      else done(null, first.address, first.family);
    });
  };
  return new Promise((resolve, reject) => {
    const send = protocol === "https:" ? requestHttps : requestHttp;
    const request = send(href, {
      method: "POST",
      headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
      lookup,
      agent: false,
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    request.on("error", reject);
    request.on("response", (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.end(body);
  });
}

const refused = (address: string) => `${address} is no address of the public internet`;

/** Addresses of IANA's special registries that are not reachable from everywhere, or carry other addresses in them. */
const SPECIAL = blockList("ipv4", [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
]);
/** What is given out of IPv6 to the public is 2000::/3, these excepted. */
const PUBLIC_6 = blockList("ipv6", ["2000::/3"]);
const SPECIAL_6 = blockList("ipv6", ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]);
const LOCAL = blockList("ipv4", ["127.0.0.0/8"]);

function blockList(family: "ipv4" | "ipv6", networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** Whether a webhook may be sent to an address: of this machine where its URL says so, else of the public internet. */
export function isAllowed(address: string, isLocal: boolean): boolean {
  if (isLocal) return address === "::1" || (isIPv4(address) && LOCAL.check(address));
  if (isIPv4(address)) return !SPECIAL.check(address);
  return PUBLIC_6.check(address, "ipv6") && !SPECIAL_6.check(address, "ipv6");
}
