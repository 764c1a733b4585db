import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { type Case, loadCases, takeTurns } from "../bench/cases";
import { memoryMegabytes } from "../bench/memory";
import { seedPredictions } from "../bench/seed";
import { percentile } from "../bench/statistics";
import { sqlitePath } from "../lib/database-url";
import { FEATURE_KEYS } from "../tables/current";
import { AppServer } from "./app-server";
import { countPredictions } from "./database";
import { createSqlite } from "./throwaway";

/**
 * `node --import tsx test/load.ts [MINUTES]`: how many requests a second one web process answers over a history of 100,000; then
 * 10 minutes, or as many as are given, at 80 % of that, three at twice as much, and one at 80 % again. Half of the requests save
 * a prediction, a quarter each read the history and the empty form. Needs a build; too long for `npm test`.
 */

const MINUTES = Number(process.argv[2] ?? 10);
/** Predictions before it begins: next to them, those that are saved meanwhile make the history hardly slower. */
const KEPT_ROWS = 100_000;
const CONNECTIONS = 32;
const CAPACITY_S = 20;
const TICK_MS = 10;
const SHARE = 0.8;
/** A browser or program gives up. */
const PATIENCE_MS = 30_000;

const { url, remove } = createSqlite();
await seedPredictions(sqlitePath(url), KEPT_ROWS, await loadCases());
const server = await AppServer.start(url, { WEB_PROCESSES: "1", NODE_OPTIONS: "--max-old-space-size=256" });
const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const nextCase = takeTurns<Case>(await loadCases());
let asked = 0;
let acknowledged = 0;

type Got = { status: number; retryAfter: string | undefined; ms: number };

function ask(): Promise<Got> {
  const turn = asked++ % 4;
  const isSave = turn < 2;
  const { values } = nextCase();
  const measurements = Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, values[at]]));
  const body = JSON.stringify({ measurements });
  const path = isSave ? "/api/v1/predictions" : turn === 2 ? "/history" : "/";
  const sentAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, {
      ...{ agent, method: isSave ? "POST" : "GET", timeout: PATIENCE_MS },
      headers: isSave
        ? { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }
        : {},
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer in 30 s")));
    sent.on("error", reject);
    sent.on("response", (answer) => {
      answer.resume();
      answer.on("error", reject);
      answer.on("end", () => {
        const { statusCode: status = 0, headers } = answer;
        if (isSave && status === 201) acknowledged++;
        resolve({ status, retryAfter: headers["retry-after"], ms: performance.now() - sentAt });
      });
    });
    sent.end(isSave ? body : undefined);
  });
}

/** What came of a phase. */
class Phase {
  readonly answered: number[] = [];
  readonly refused: number[] = [];
  readonly faults: Record<string, number> = {};
  readonly memory: number[] = [];
  /** Seconds after the beginning in which an answer ended that took more than one. */
  readonly slow = new Set<number>();
  readonly #begun = performance.now();

  take({ status, retryAfter, ms }: Got): void {
    if (ms > 1_000) this.slow.add(Math.floor((performance.now() - this.#begun) / 1_000));
    if (status === 200 || status === 201) this.answered.push(ms);
    else if (status === 503 && Number(retryAfter) > 0) this.refused.push(ms);
    else this.fault(`status ${status}`);
  }
  fault(what: string): void {
    this.faults[what] = (this.faults[what] ?? 0) + 1;
  }
  look(): void {
    const megabytes = memoryMegabytes(server.process.pid);
    if (megabytes !== null) this.memory.push(megabytes);
  }
  print(name: string, seconds: number): void {
    const times = (all: number[]) =>
      all.length === 0
        ? "none"
        : `${(all.length / seconds).toFixed(0)} a second, p50 ${percentile(all, 50).toFixed(0)} ms, p99 ${percentile(all, 99).toFixed(0)} ms`;
    const [first = 0] = this.memory;
    console.log(
      `${name}: answered ${times(this.answered)}; refused ${times(this.refused)}; faults ${JSON.stringify(this.faults)}; ` +
        `slow in ${this.slow.size} of ${seconds} s (${[...this.slow].slice(0, 20).join(" ")}); memory ${first.toFixed(0)} to ${(this.memory.at(-1) ?? 0).toFixed(0)} MB, at most ${Math.max(...this.memory).toFixed(0)}`,
    );
  }
}

async function capacity(): Promise<number> {
  const phase = new Phase();
  const end = performance.now() + CAPACITY_S * 1_000;
  const connection = async () => {
    while (performance.now() < end) phase.take(await ask());
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  phase.look();
  phase.print(`capacity, ${CONNECTIONS} connections`, CAPACITY_S);
  return phase.answered.length / CAPACITY_S;
}

/** Asks so often whether answers come or not, as people and programs do who do not know of each other. */
async function load(name: string, perSecond: number, seconds: number): Promise<Phase> {
  const phase = new Phase();
  const open = new Set<Promise<void>>();
  const started = performance.now();
  let sent = 0;
  let looked = started;
  for (let now = started; now - started < seconds * 1_000; now = performance.now()) {
    for (; sent < ((now - started) / 1_000) * perSecond; sent++) {
      const one = ask()
        .then(
          (got) => phase.take(got),
          (error: Error) => phase.fault(error.message),
        )
        .finally(() => open.delete(one));
      open.add(one);
    }
    if (now - looked > 5_000) {
      looked = now;
      phase.look();
    }
    await pause(TICK_MS);
  }
  await Promise.all(open);
  phase.look();
  phase.print(`${name}, ${perSecond.toFixed(0)} a second for ${seconds} s`, seconds);
  return phase;
}

// V8 compiles what is asked for most.
await capacity();
const most = await capacity();
const before = await load("80 %", SHARE * most, MINUTES * 60);
const twice = await load("twice", 2 * most, Math.min(MINUTES, 3) * 60);
const after = await load("80 % again", SHARE * most, Math.min(MINUTES, 1) * 60);
const saved = (await countPredictions(url)) - KEPT_ROWS;
console.log(`${acknowledged} saves acknowledged, ${saved} kept`);
await server.stop();
remove();
const isFaulty = [before, twice, after].some(({ faults }) => Object.keys(faults).length > 0);
// What was acknowledged is there; a save that was given up may be.
process.exit(
  isFaulty || before.refused.length > 0 || twice.refused.length === 0 || saved < acknowledged ? 1 : 0,
);
