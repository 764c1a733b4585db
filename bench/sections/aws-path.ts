import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { AwsV4Signer } from "aws4fetch";
import { API_TEMPLATE, readApiDescription } from "../../aws/local/api-description";
import { startPath } from "../../aws/local/path";
import { createHandler } from "../../lib/inference/handler";
import { createInProcessEndpoint } from "../../lib/inference/in-process-endpoint";
import { type Hop, hopsOf } from "../../lib/path/path-status";
import { artifactJson } from "../../tables/current-model";
import type { Case } from "../cases";
import { formatMs, type Section } from "../report";
import { median, percentile } from "../statistics";

/** After which the six processes are no faster: until then the compilers of Node are at work in each. */
const WARM_UP = 3_000;
const REQUESTS = 1_000;
const LOADS = 9;

const bundle = fileURLToPath(new URL("../../dist/lambda/index.cjs", import.meta.url));

const HOPS = {
  gateway: "gateway",
  Lambda: "Lambda",
  endpoint: "SageMaker's runtime",
  model: "container",
} as const satisfies Record<Hop["name"], string>;
type Timed = { total: number; own: Hop[] };

/** One prediction at a time through the path on loopback and through the same handler in this process. */
export async function measureAwsPath(cases: readonly Case[]): Promise<Section> {
  const bodies = cases.map(({ values }) => JSON.stringify({ instances: [{ features: values }] }));
  const body = (request: number) => bodies[request % bodies.length] ?? "";
  const handler = createHandler(createInProcessEndpoint(artifactJson), { report: () => {} });
  // The stage's throttle is what it must be in the cloud; here it would be all that is measured.
  const path = await startPath({
    api: readApiDescription(API_TEMPLATE),
    throttle: { perSecond: 1e6, burst: 1e6 },
  });
  const errors: string[] = [];
  const embedded: number[] = [];
  const through: Timed[] = [];
  try {
    for (let request = -WARM_UP; request < REQUESTS; request++) {
      const text = body(request + WARM_UP);
      const here = performance.now();
      const answer = await handler({ body: text });
      const embeddedMs = performance.now() - here;
      const started = performance.now();
      const response = await fetch(path.modelUrl, await signed(path, text));
      const said = await response.text();
      const total = performance.now() - started;
      if (response.status !== 200 || predictions(said) !== predictions(answer.body)) {
        errors.push(`the path answered ${response.status}, not what the embedded handler answers`);
        break;
      }
      if (request < 0) continue;
      embedded.push(embeddedMs);
      const own = hopsOf(response.headers.get("server-timing"), total);
      if (own?.length !== Object.keys(HOPS).length) {
        errors.push("the path does not tell how long each hop took");
        break;
      }
      through.push({ total, own });
    }
  } finally {
    await path.stop();
  }
  const of = (name: string, ms: readonly number[]) => ({
    name,
    p50: percentile(ms, 50),
    p95: percentile(ms, 95),
  });
  const whole = of(
    "the path on loopback",
    through.map(({ total }) => total),
  );
  const inProcess = of("embedded, the same handler in this process", embedded);
  const hops = (Object.keys(HOPS) as Hop["name"][]).map((name) =>
    of(
      `  of it ${HOPS[name]}`,
      through.flatMap(({ own }) => own.flatMap((hop) => (hop.name === name ? [hop.ms] : []))),
    ),
  );
  const overhead = of(
    "overhead of the path",
    through.map(({ total }, request) => total - (embedded[request] ?? 0)),
  );
  const load = loadMs();
  return {
    title: "The AWS path: one prediction at a time, warm, four hops on loopback",
    header: ["", "p50 ms", "p95 ms"],
    rows: [inProcess, whole, ...hops, overhead].map(({ name, p50, p95 }) => [
      name,
      formatMs(p50),
      formatMs(p95),
    ]),
    notes: [
      "On loopback there is no network and none of AWS's own work: the figures are what Cytodesk's and the stand-ins' code adds.",
      `The Lambda's bundle has ${statSync(bundle).size} bytes (wanted: at most 350,000) and loads in ${load.toFixed(0)} ms, Node's own start left out (wanted: under 150).`,
    ],
    data: { requests: REQUESTS, embedded: inProcess, path: whole, hops, overhead, lambdaLoadMs: load },
    errors,
  };
}

async function signed({ environment, modelUrl }: Awaited<ReturnType<typeof startPath>>, body: string) {
  return new AwsV4Signer({
    method: "POST",
    url: modelUrl,
    headers: { "content-type": "application/json" },
    body,
    accessKeyId: environment.AWS_ACCESS_KEY_ID,
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    service: "execute-api",
    region: environment.AWS_REGION,
    cache: derivedKeys,
  }).sign();
}

/** As the application keeps them, for a day. */
const derivedKeys = new Map<string, ArrayBuffer>();

/** The predictions in an answer, as text: equal text is equal to the last bit. */
const predictions = (answer: string) => answer.slice(0, answer.indexOf('"requestId"'));

/** Milliseconds that loading the bundle takes in a new process, as at a cold start. */
function loadMs(): number {
  const script = `const t = performance.now(); require(${JSON.stringify(bundle)}); console.log(performance.now() - t)`;
  const runs = Array.from({ length: LOADS }, () =>
    Number(
      execFileSync(process.execPath, ["--no-warnings", "-e", script], {
        encoding: "utf8",
        env: { ...process.env, ENDPOINT_NAME: "bench", AWS_REGION: "eu-central-1" },
      }),
    ),
  );
  return median(runs);
}
