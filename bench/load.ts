import { once } from "node:events";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { performance } from "node:perf_hooks";
import { processorMilliseconds } from "./processor-time";

export type Outgoing = {
  method: "GET" | "POST";
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
};
export type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** A server under load. `next` makes each request and the check of its answer: null, or what is wrong with it. */
export type Contestant = {
  name: string;
  port: number;
  pid: number;
  next: () => { outgoing: Outgoing; check: (answer: Answer) => string | null };
};

type Round = {
  perSecond: number;
  /** Milliseconds from sending a request to the last byte of its answer. */
  latencies: number[];
  /** Processor time of the server and its children per request; null where the system does not tell. */
  serverMsPerRequest: number | null;
  /** Share of one processor that this load generator took; near 1 it measures itself. */
  generatorLoad: number;
};

export type Result = { name: string; rounds: Round[]; answered: number; errors: string[] };

export type Plan = {
  connections: number;
  rounds: number;
  seconds: number;
  /** Requests before the first round, so that its code is compiled; fewer where they take too long. */
  warmUp: number;
};

const WARM_UP_LIMIT_S = 25;

/** Before each round, uncounted: while the others had their turns, V8 dropped some of a server's compiled code. */
const LEAD_IN_S = 2;

/**
 * Loads the contestants in turns (A B C A B C ...), so that whatever slows the machine for a while slows all of them.
 * Every connection sends its next request when the last one is answered. `answered` counts the uncounted requests of
 * warm-up and lead-in too.
 */
export async function alternate(contestants: readonly Contestant[], plan: Plan): Promise<Result[]> {
  const runners = contestants.map((contestant) => ({
    contestant,
    agent: new Agent({ keepAlive: true, maxSockets: plan.connections }),
    result: { name: contestant.name, rounds: [], answered: 0, errors: [] } as Result,
  }));
  for (const { contestant, agent, result } of runners) {
    await drive(contestant, agent, result, plan.connections, WARM_UP_LIMIT_S, plan.warmUp);
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const { contestant, agent, result } of runners) {
      await drive(contestant, agent, result, plan.connections, LEAD_IN_S);
      result.rounds.push(await drive(contestant, agent, result, plan.connections, plan.seconds));
    }
  }
  for (const { agent } of runners) agent.destroy();
  return runners.map(({ result }) => result);
}

async function drive(
  contestant: Contestant,
  agent: Agent,
  result: Result,
  connections: number,
  seconds: number,
  atMost = Number.POSITIVE_INFINITY,
): Promise<Round> {
  const latencies: number[] = [];
  const serverBefore = processorMilliseconds(contestant.pid);
  const ownBefore = process.cpuUsage();
  const started = performance.now();
  const end = started + seconds * 1000;
  let begun = 0;
  const connection = async () => {
    while (begun === 0 || (performance.now() < end && begun < atMost)) {
      begun++;
      const { outgoing, check } = contestant.next();
      const sent = performance.now();
      let problem: string | null;
      try {
        const answer = await exchange(contestant.port, agent, outgoing);
        latencies.push(performance.now() - sent);
        problem = check(answer);
      } catch (error) {
        problem = String(error);
      }
      if (problem === null) result.answered++;
      else result.errors.push(problem);
      // A server that answers nothing right would otherwise be asked for as long as it can refuse.
      if (result.errors.length > 100) throw new Error(`${contestant.name}: ${result.errors[0]}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const elapsedMs = performance.now() - started;
  const own = process.cpuUsage(ownBefore);
  const serverAfter = processorMilliseconds(contestant.pid);
  return {
    perSecond: (latencies.length / elapsedMs) * 1000,
    latencies,
    serverMsPerRequest:
      serverBefore === null || serverAfter === null ? null : (serverAfter - serverBefore) / latencies.length,
    generatorLoad: (own.user + own.system) / 1000 / elapsedMs,
  };
}

/** One request and its whole answer. Rejects where the connection fails. */
export async function exchange(port: number, agent: Agent | false, outgoing: Outgoing): Promise<Answer> {
  const { method, path, headers, body } = outgoing;
  const sent = request({
    host: "127.0.0.1",
    port,
    agent,
    method,
    path,
    headers: body === undefined ? headers : { ...headers, "Content-Length": Buffer.byteLength(body) },
  });
  sent.end(body);
  const [incoming] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) };
}
