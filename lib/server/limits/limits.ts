import "server-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import type { Pool } from "pg";
import {
  RateLimiterCluster,
  RateLimiterMemory,
  RateLimiterPostgres,
  type RateLimiterRes,
} from "rate-limiter-flexible";
import { openPool } from "@/lib/postgres/connect";
import { idOf, whoAsks } from "@/lib/server/access/actor";
import { postgresSettings } from "@/lib/server/database/settings";
import { type Env, env, isLoopbackAddress } from "@/lib/server/env";
import { log } from "@/lib/server/log";

/**
 * How much one person, one key or one address may ask for. Nothing is counted where only the users of this machine reach the
 * server and none of them signs in. docs/limits.md
 */

/** What is counted, how much of it, in how many seconds. In daily use nobody meets one of these. */
export const LIMITS = {
  forms: { most: 1_200, seconds: 60, of: "forms" },
  api: { most: 3_000, seconds: 60, of: "requests to the API" },
  rows: { most: 100_000, seconds: 60, of: "cases sent to the API" },
  uploads: { most: 120, seconds: 600, of: "files" },
} as const;
export type LimitName = keyof typeof LIMITS;

type Settings = Pick<
  Env,
  "BIND_ADDRESS" | "DATABASE_URL" | "RATE_LIMIT_FACTOR" | "REPLICAS" | "SIGN_IN_SECRET" | "WEB_PROCESSES"
>;
type Limiter = { consume(key: string, points: number): Promise<RateLimiterRes> };

/** Whether somebody else than the users of this machine can send a request. */
export const areLimitsOn = ({ BIND_ADDRESS, SIGN_IN_SECRET }: Settings) =>
  SIGN_IN_SECRET !== undefined || !isLoopbackAddress(BIND_ADDRESS);

const mostOf = (name: LimitName, { RATE_LIMIT_FACTOR: factor }: Pick<Settings, "RATE_LIMIT_FACTOR">) =>
  LIMITS[name].most * factor;

/**
 * Counts in this process where there is one; else where all processes count: in the process above them, or, on several
 * machines, in the database.
 */
async function createLimiters(settings: Settings): Promise<Map<LimitName, Limiter>> {
  const isOneMachine = settings.REPLICAS === 1;
  const storeClient = isOneMachine ? null : await openCounts(settings.DATABASE_URL);
  return new Map(
    (Object.keys(LIMITS) as LimitName[]).map((name): [LimitName, Limiter] => {
      const points = mostOf(name, settings);
      const options = { keyPrefix: name, points, duration: LIMITS[name].seconds };
      if (storeClient !== null) {
        const table = { tableName: TABLE, tableCreated: true, storeClient, storeType: "pool" };
        return [name, new RateLimiterPostgres({ ...options, ...table, inMemoryBlockOnConsumed: points + 1 })];
      }
      if (settings.WEB_PROCESSES > 1) return [name, new RateLimiterCluster({ ...options, timeoutMs: 1_000 })];
      return [name, new RateLimiterMemory(options)];
    }),
  );
}

const TABLE = "request_count";

/** The counts need not outlive the database's server, and are no part of what is kept: hence no migration makes them. */
async function openCounts(url: string): Promise<Pool> {
  const pool = await openPool(url, { ...postgresSettings(url), max: 2 });
  pool.on("error", (error) => log("error", "limits_failed", {}, error));
  await pool.query(
    `CREATE UNLOGGED TABLE IF NOT EXISTS ${TABLE} (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint)`,
  );
  return pool;
}

// Pages, the API and server/serve.mjs are bundled apart, and count together.
const LIMITERS = Symbol.for("cytodesk.limiters");
const shared = globalThis as { [LIMITERS]?: Promise<Map<LimitName, Limiter>> };

function limiters(): Promise<Map<LimitName, Limiter>> {
  shared[LIMITERS] ??= createLimiters(env()).catch((error: unknown) => {
    delete shared[LIMITERS];
    throw error;
  });
  return shared[LIMITERS];
}

/** What is left, for the headers of an answer; where nothing is, `retryAfter` is in seconds. */
export type Taken = { name: LimitName; left: number; resetS: number; retryAfter?: number };

/** Takes `points` of a limit for who asks. What cannot be counted is let through: a limit that fails stops nobody's work. */
export async function take(name: LimitName, request: IncomingMessage, points = 1): Promise<Taken> {
  try {
    const limiter = (await limiters()).get(name);
    if (limiter === undefined) throw new Error(`No limit is called ${name}.`);
    const { remainingPoints, msBeforeNext } = await limiter.consume(askerOf(request), points);
    return { name, left: Math.max(0, remainingPoints), resetS: Math.ceil(msBeforeNext / 1000) };
  } catch (error) {
    if (isSpent(error)) {
      // Once for each time that it is reached, however much is still sent.
      if (error.consumedPoints - points <= mostOf(name, env())) {
        log("warn", "limit_reached", { limit: name, asker: askerOf(request) });
      }
      const resetS = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
      return { name, left: 0, resetS, retryAfter: resetS };
    }
    log("error", "limits_failed", { limit: name }, error);
    return { name, left: mostOf(name, env()), resetS: LIMITS[name].seconds };
  }
}

/** Whether nothing is left. A class is one for each bundle, so that `instanceof` would not find it. */
const isSpent = (error: unknown): error is RateLimiterRes =>
  typeof error === "object" && error !== null && !(error instanceof Error) && "msBeforeNext" in error;

/** By whom a request is counted: the person or the key, or the address where nobody signed in. */
function askerOf(request: IncomingMessage): string {
  const who = whoAsks();
  const id = who === null ? null : idOf(who);
  if (who !== null && id !== null) return `${who.kind} ${id}`;
  return `address ${networkOf(addressOf(request, env().TRUSTED_PROXIES))}`;
}

/**
 * The address that a request comes from: that of the connection or, where that is a proxy's, the last that proxies say of it
 * and that is none of theirs. Proxies on this machine are believed, and those of TRUSTED_PROXIES.
 */
export function addressOf(
  { socket, headers }: Pick<IncomingMessage, "headers"> & { socket: { remoteAddress?: string } },
  trusted: readonly string[] = NO_PROXIES,
): string {
  const proxies = proxiesOf(trusted);
  const isProxy = (address: string) =>
    isLoopbackAddress(address) || proxies.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  const told = String(headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((one) => plain(one.trim()))
    .filter((one) => one !== "");
  let address = plain(socket.remoteAddress ?? "");
  while (isProxy(address)) {
    const before = told.pop();
    if (before === undefined) break;
    address = before;
  }
  return address;
}

const NO_PROXIES: readonly string[] = [];

/** What TRUSTED_PROXIES names, read once: it does not change while the process runs. */
const known = new WeakMap<readonly string[], BlockList>();

function proxiesOf(trusted: readonly string[]): BlockList {
  const before = known.get(trusted);
  if (before !== undefined) return before;
  const proxies = new BlockList();
  for (const one of trusted) {
    const [address = "", bits] = one.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  known.set(trusted, proxies);
  return proxies;
}

/** An IPv4 address that came over IPv6 as itself. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/, "");

/** What one subscriber has: an address of IPv4, a network of 64 bits of IPv6. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const start = head === "" ? [] : head.split(":");
  const end = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - start.length - end.length) }, () => "0");
  const groups = tail === undefined ? start : [...start, ...zeros, ...end];
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** Says in an answer's headers what is left of a limit: draft-ietf-httpapi-ratelimit-headers-10. */
export function tellLimit(response: ServerResponse, { name, left, resetS, retryAfter }: Taken): void {
  if (response.headersSent) return;
  response.appendHeader("RateLimit-Policy", `"${name}";q=${mostOf(name, env())};w=${LIMITS[name].seconds}`);
  response.appendHeader("RateLimit", `"${name}";r=${left};t=${resetS}`);
  if (retryAfter !== undefined) response.setHeader("Retry-After", String(retryAfter));
}

/** A refusal as a sentence. */
export const refusedBy = ({ name, retryAfter }: Taken) =>
  `${mostOf(name, env()).toLocaleString("en")} ${LIMITS[name].of} are answered in ${LIMITS[name].seconds} seconds, and that many have come. Try again in ${retryAfter} s.`;

/** A kept image is one too: it is as large as a file. */
const IMAGE = /^\/history\/[^/]+\/image$/;
const UPLOADS = [
  "/batch/file",
  "/batch/pasted",
  "/batch/data-set",
  "/history/import/file",
  "/api/v1/batches",
];

/** What a request is counted by. Pages and files are not: only what makes the model or the database work. */
export function limitsOf({ method, url = "" }: Pick<IncomingMessage, "method" | "url">): LimitName[] {
  const path = url.replace(/[?#].*/s, "").replace(/\/$/, "");
  const isSent = method === "POST";
  const uploads: LimitName[] = isSent && (UPLOADS.includes(path) || IMAGE.test(path)) ? ["uploads"] : [];
  // Whoever watches the server asks often, and from one address.
  if (/^\/(api\/v1|v2)\/health(\/|$)/.test(path)) return [];
  if (/^\/(api\/v1|v2)(\/|$)/.test(path)) return ["api", ...uploads];
  return isSent && uploads.length === 0 ? ["forms"] : uploads;
}

/** Takes what a request is counted by, and says it in the headers of its answer; null, or why it is not answered. */
export async function takeAll(request: IncomingMessage, response: ServerResponse): Promise<Taken | null> {
  for (const name of limitsOf(request)) {
    const taken = await take(name, request);
    tellLimit(response, taken);
    if (taken.retryAfter !== undefined) return taken;
  }
  return null;
}
