import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createGunzip } from "node:zlib";
import { REQUEST_ID } from "../../lib/contract";
import {
  type Answer,
  answerBody,
  type Endpoint,
  json,
  type Limits,
  problem,
  refuseTypes,
  type Types,
} from "./answer-body";
import type { createLongBodies, LongAnswer } from "./long-bodies";

type Log = (event: string, fields: Record<string, string | number>) => void;
/** Bytes of a body that may hold up /ping: about a thousand rows. SageMaker gives up on a container after 2 s without an answer. */
const LONG = 256 * 1024;

/**
 * SageMaker's contract for a serving container: GET /ping, POST /invocations, GET /execution-parameters. Logs no values.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export function createContainerServer(
  endpoint: Endpoint,
  limits: Limits,
  answerLong: ReturnType<typeof createLongBodies>,
  log: Log,
): Server {
  const routes: Record<
    string,
    { method: string; answer: (request: IncomingMessage) => Promise<Answer | LongAnswer> }
  > = {
    "/ping": { method: "GET", answer: async () => json(200, { model: endpoint.identity }) },
    "/execution-parameters": {
      method: "GET",
      answer: async () =>
        json(200, {
          MaxConcurrentTransforms: 1,
          BatchStrategy: "MULTI_RECORD",
          MaxPayloadInMB: limits.maxPayloadMB,
        }),
    },
    "/invocations": { method: "POST", answer: invoke },
  };

  async function invoke(request: IncomingMessage): Promise<Answer | LongAnswer> {
    const types: Types = { contentType: request.headers["content-type"], accept: request.headers.accept };
    const refused = refuseTypes(types);
    if (refused !== null) return refused;
    const encoding = request.headers["content-encoding"] ?? "identity";
    if (encoding !== "identity" && encoding !== "gzip")
      return problem(415, "the Content-Encoding may be gzip");
    const body = await readBody(request, encoding, limits.maxPayloadMB * 1024 * 1024).catch(() => undefined);
    if (body === undefined) return problem(400, `the body is not ${encoding === "gzip" ? "gzip" : "whole"}`);
    if (body === null) return problem(413, `the body is larger than ${limits.maxPayloadMB} MB`);
    return body.length > LONG
      ? answerLong(types, body)
      : answerBody(endpoint, limits, types, body.toString("utf8"));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const path = request.url?.split("?")[0] ?? "";
    const route = routes[path];
    let answer: Answer | LongAnswer;
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

/** The body, or null where it is larger than `limit` bytes, unzipped. */
async function readBody(
  request: IncomingMessage,
  encoding: "identity" | "gzip",
  limit: number,
): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  const body = encoding === "gzip" ? request.pipe(createGunzip()) : request;
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > limit) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
