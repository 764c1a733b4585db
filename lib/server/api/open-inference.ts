import "server-only";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { FAILURES } from "@/lib/inference/failure";
import { INPUT, MODEL_NAME, OUTPUTS, readInferRequest, shapeOf } from "@/lib/inference/open-inference";
import { writeInferAnswer } from "@/lib/inference/open-inference-answer";
import { isNotAllowed, requireRight } from "@/lib/server/access/actor";
import { inference } from "@/lib/server/inference/inference";
import { log } from "@/lib/server/log";
import packageJson from "@/package.json";
import { words } from "@/tables/current";
import { MOST_BYTES } from "./new-cases";
import { type Api, type Bindings, readJson } from "./operation";
import { retryAfterOf } from "./problem";
import { PROBLEMS } from "./problem-kinds";

/**
 * The Open Inference Protocol v2 over REST, at /v2. It has no history: what is predicted by it is not saved.
 * Source: https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 */

type Answer = (c: Context<Bindings>) => Response | Promise<Response>;

/** Errors as the protocol has them. */
const refuse = (c: Context<Bindings>, status: number, error: string, headers: Record<string, string> = {}) =>
  Response.json({ error }, { status, headers: { ...Object.fromEntries(c.res.headers), ...headers } });

/** By the protocol what is not ready is told by a status from 400 to 499. */
const NOT_READY = 400;

const isReady = async () => (await inference().health()).ok;

async function answerReady(c: Context<Bindings>, more = {}): Promise<Response> {
  const ready = await isReady();
  return c.json({ ...more, ready }, ready ? 200 : NOT_READY);
}

/** An answer about the model, where the address names the one there is. */
const ofModel =
  (answer: Answer): Answer =>
  (c) => {
    const { name, version } = c.req.param() as { name?: string; version?: string };
    const known = inference().describe().model?.version;
    if (name !== MODEL_NAME) return refuse(c, 404, `There is no such model; there is ${MODEL_NAME}.`);
    if (version === undefined || version === known) return answer(c);
    const there =
      known === undefined ? "which one is there is not known until it has answered" : `there is ${known}`;
    return refuse(c, 404, `There is no such version of ${MODEL_NAME}; ${there}.`);
  };

const METADATA = {
  name: MODEL_NAME,
  platform: packageJson.name,
  inputs: [INPUT],
  outputs: OUTPUTS.map(({ name, datatype, width }) => ({ name, datatype, shape: shapeOf(width) })),
};

async function infer(c: Context<Bindings>): Promise<Response> {
  if (c.req.header("inference-header-content-length") !== undefined) {
    return refuse(c, 400, "Binary tensors are not supported; send and ask for tensors as JSON.");
  }
  const body = await readJson(c, MOST_BYTES);
  if (!body.ok) return refuse(c, PROBLEMS[body.error.kind].status, body.error.detail);
  const request = readInferRequest(body.value);
  if (!request.ok) return refuse(c, 400, request.error);
  requireRight("read");
  const answer = await inference().predict(request.value.rows, { requestId: c.get("requestId") });
  if (!answer.ok) {
    const { code, what, advice, retryable, retryAfterMs } = answer.error;
    const after = retryable ? { "retry-after": String(retryAfterOf(retryAfterMs)) } : undefined;
    return refuse(c, FAILURES[code].status, `${what} ${advice}`, after);
  }
  const written = writeInferAnswer(answer.value, request.value);
  return written.ok ? c.json(written.value) : refuse(c, 400, written.error);
}

const MODEL = ["/models/:name", "/models/:name/versions/:version"];

const ROUTES: { method: "GET" | "POST"; paths: string[]; answer: Answer }[] = [
  {
    method: "GET",
    paths: ["/"],
    answer: (c) => c.json({ name: packageJson.name, version: packageJson.version, extensions: [] }),
  },
  { method: "GET", paths: ["/health/live"], answer: (c) => c.json({ live: true }) },
  { method: "GET", paths: ["/health/ready"], answer: (c) => answerReady(c) },
  {
    method: "GET",
    paths: MODEL,
    answer: ofModel((c) => {
      const version = inference().describe().model?.version;
      return c.json({ ...METADATA, versions: version === undefined ? [] : [version] });
    }),
  },
  {
    method: "GET",
    paths: MODEL.map((path) => `${path}/ready`),
    answer: ofModel((c) => answerReady(c, { name: MODEL_NAME })),
  },
  { method: "POST", paths: MODEL.map((path) => `${path}/infer`), answer: ofModel(infer) },
];

export function addOpenInference(api: Api): void {
  const v2: Api = new OpenAPIHono<Bindings>();
  for (const { method, paths, answer } of ROUTES) {
    v2.on(method, paths, answer);
    const allow = method === "GET" ? "GET, HEAD" : method;
    v2.on("ALL", paths, (c) => refuse(c, 405, `${allow} is answered here.`, { allow }));
  }
  v2.all("*", (c) => refuse(c, 404, "Nothing is at this address below /v2."));
  v2.onError((error, c) => {
    if (isNotAllowed(error)) return refuse(c, PROBLEMS.forbidden.status, error.message);
    log("error", "api_failed", { requestId: c.get("requestId"), method: c.req.method }, error);
    return refuse(c, 500, `${words.app.name} failed to answer. The log says why.`);
  });
  api.route("/v2", v2);
}
