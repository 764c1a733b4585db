import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { REQUEST_ID } from "../../lib/contract";
import type { EndpointAnswer } from "../../lib/inference/endpoint-answer";
import type { createInProcessEndpoint } from "../../lib/inference/in-process-endpoint";
import type { ContainerSettings } from "./container-env";
import { readerOf, writerOf } from "./content";

type Endpoint = ReturnType<typeof createInProcessEndpoint>;
type Log = (event: string, fields: Record<string, string | number>) => void;
type Answer = { status: number; type: string; body: string };

/** Rows worked off before /ping gets its turn: SageMaker gives up on a container that leaves it 2 s without an answer. */
const ROWS_PER_TURN = 500;

/**
 * SageMaker's contract for a serving container: GET /ping, POST /invocations, GET /execution-parameters. Logs no values.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export function createContainerServer(
  endpoint: Endpoint,
  {
    maxPayloadMB,
    maxAnswerMB,
    csvColumns,
  }: Pick<ContainerSettings, "maxPayloadMB" | "maxAnswerMB" | "csvColumns">,
  log: Log,
): Server {
  const routes: Record<string, { method: string; answer: (request: IncomingMessage) => Promise<Answer> }> = {
    "/ping": { method: "GET", answer: async () => json(200, { model: endpoint.identity }) },
    "/execution-parameters": {
      method: "GET",
      answer: async () =>
        json(200, {
          MaxConcurrentTransforms: 1,
          BatchStrategy: "MULTI_RECORD",
          MaxPayloadInMB: maxPayloadMB,
        }),
    },
    "/invocations": { method: "POST", answer: invoke },
  };

  async function invoke(request: IncomingMessage): Promise<Answer> {
    const read = readerOf(request.headers["content-type"]);
    const known = "text/csv, application/json or application/jsonlines";
    if (read === undefined) return problem(415, `the Content-Type must be ${known}`);
    const writer = writerOf(request.headers.accept, csvColumns);
    if (writer === undefined) return problem(406, `the Accept must allow ${known}`);
    const encoding = request.headers["content-encoding"] ?? "identity";
    if (encoding !== "identity" && encoding !== "gzip")
      return problem(415, "the Content-Encoding may be gzip");
    const body = await readBody(request, encoding, maxPayloadMB * 1024 * 1024).catch(() => undefined);
    if (body === undefined) return problem(400, `the body is not ${encoding === "gzip" ? "gzip" : "whole"}`);
    if (body === null) return problem(413, `the body is larger than ${maxPayloadMB} MB`);
    const instances = read(body);
    if (!instances.ok) return problem(400, instances.error);
    const predictions: EndpointAnswer["predictions"] = [];
    for (let row = 0; row < instances.value.length; row += ROWS_PER_TURN) {
      for (const one of endpoint.answer(instances.value.slice(row, row + ROWS_PER_TURN)).predictions) {
        predictions.push(one);
      }
      await nextTurn();
    }
    const answer = writer.write({ predictions, model: endpoint.identity });
    // SageMaker does not document what becomes of a longer one; whoever asked can only ask for less.
    if (Buffer.byteLength(answer) > maxAnswerMB * 1024 * 1024) {
      return problem(413, `the answer is larger than ${maxAnswerMB} MB: ask for fewer rows`);
    }
    return { status: 200, type: writer.type, body: answer };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const path = request.url?.split("?")[0] ?? "";
    const route = routes[path];
    let answer: Answer;
    try {
      if (route === undefined)
        answer = problem(404, "there is /ping, /invocations and /execution-parameters");
      else if (route.method !== request.method) answer = problem(405, `${path} answers ${route.method}`);
      else answer = await route.answer(request);
    } catch (error) {
      log("failed", { path, error: error instanceof Error ? error.name : "unknown" });
      answer = problem(500, "the model failed on this request");
    }
    // Comes back to whoever invoked the endpoint, who can tell this time from that of the hops before it.
    response.setHeader(
      "X-Amzn-SageMaker-Custom-Attributes",
      `container;dur=${(performance.now() - started).toFixed(3)}`,
    );
    // What was not read to its end cannot be followed by another request.
    if (!request.complete) response.setHeader("Connection", "close");
    response.writeHead(answer.status, {
      "Content-Type": answer.type,
      "Content-Length": Buffer.byteLength(answer.body),
    });
    response.end(answer.body);
    if (path !== "/ping") {
      log("answered", {
        ...requestIdOf(request),
        path,
        status: answer.status,
        ms: Math.round(performance.now() - started),
      });
    }
  }

  return createServer((request, response) => void handle(request, response));
}

/** The Lambda sends its request id as SageMaker's custom attributes; what is not fit for a log is left out. */
function requestIdOf(request: IncomingMessage): { requestId?: string } {
  const id = request.headers["x-amzn-sagemaker-custom-attributes"];
  return typeof id === "string" && REQUEST_ID.test(id) ? { requestId: id } : {};
}

const json = (status: number, value: object): Answer => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});
const problem = (status: number, message: string) => json(status, { error: message });

/** The body as text, or null where it is larger than `limit` bytes, unzipped. */
async function readBody(
  request: IncomingMessage,
  encoding: "identity" | "gzip",
  limit: number,
): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  const body = encoding === "gzip" ? request.pipe(createGunzip()) : request;
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > limit) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
