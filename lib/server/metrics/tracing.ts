import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { env } from "@/lib/server/env";
import { log } from "@/lib/server/log";
import { words } from "@/tables/current";
import { routeOf } from "./metrics";

/**
 * Spans for OpenTelemetry, where OTEL_EXPORTER_OTLP_ENDPOINT says where to: the request, the prediction in it, and each call of
 * the model, which is sent the span it belongs to (W3C Trace Context). OTLP as JSON over HTTP is one POST, for which this
 * takes no package. docs/operations.md
 */

type Attributes = Record<string, string | number>;
type Span = {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  from: bigint;
  attributes: Attributes;
};

const KIND = { internal: 1, server: 2, client: 3 } as const;

// Pages, the API and server/serve.mjs are bundled apart, and their spans belong together.
const TRACING = Symbol.for("cytodesk.tracing");
type Tracing = {
  current: AsyncLocalStorage<Span>;
  ended: object[];
  timer: NodeJS.Timeout | null;
  failedAt: number;
};
const shared = globalThis as { [TRACING]?: Tracing };
shared[TRACING] ??= { current: new AsyncLocalStorage(), ended: [], timer: null, failedAt: 0 };
const tracing = shared[TRACING];

export const isTraced = () => env().OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;

const nowNs = () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));

/** Runs `work` as a span of what runs now; without an endpoint, simply runs it. */
export async function traced<T>(
  name: string,
  kind: keyof typeof KIND,
  attributes: Attributes,
  work: () => Promise<T>,
  failureOf: (done: T) => string | undefined,
): Promise<T> {
  if (!isTraced()) return work();
  const span = begin(name, kind, attributes, tracing.current.getStore());
  try {
    const done = await tracing.current.run(span, work);
    end(span, failureOf(done));
    return done;
  } catch (error) {
    end(span, String(error));
    throw error;
  }
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** Runs `answer` as the span of a request, in the trace that the request names, if any. */
export function traceRequest(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
  const [, traceId = "", spanId = ""] = TRACEPARENT.exec(String(request.headers.traceparent ?? "")) ?? [];
  const method = request.method ?? "";
  const url = request.url ?? "";
  const parent = /[^0]/.test(traceId) && /[^0]/.test(spanId) ? { traceId, spanId } : undefined;
  const span = begin(method, "server", { "http.request.method": method }, parent);
  response.once("close", () => {
    const route = routeOf(url, response.statusCode);
    span.name = `${method} ${route}`;
    span.attributes["http.route"] = route;
    span.attributes["http.response.status_code"] = response.statusCode;
    end(span, response.statusCode >= 500 ? String(response.statusCode) : undefined);
  });
  tracing.current.run(span, answer);
}

/** What names the present span to the service that it calls; null outside of one. */
export function traceparent(): string | null {
  const span = tracing.current.getStore();
  return span === undefined ? null : `00-${span.traceId}-${span.spanId}-01`;
}

function begin(
  name: string,
  kind: keyof typeof KIND,
  attributes: Attributes,
  parent?: Pick<Span, "traceId" | "spanId">,
): Span {
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    parentSpanId: parent?.spanId ?? "",
    ...{ name, kind: KIND[kind], from: nowNs(), attributes },
  };
}

/** What cannot be sent as fast as it ends is dropped. */
const MOST_WAITING = 2_048;
const SEND_EVERY_MS = 1_000;
const SEND_TIMEOUT_MS = 5_000;
const ERROR = 2;

function end({ from, kind, attributes, ...span }: Span, failure: string | undefined): void {
  if (tracing.ended.length >= MOST_WAITING) return;
  tracing.ended.push({
    ...span,
    kind,
    startTimeUnixNano: String(from),
    endTimeUnixNano: String(nowNs()),
    attributes: asList(attributes),
    status: failure === undefined ? {} : { code: ERROR, message: failure.slice(0, 200) },
  });
  tracing.timer ??= setTimeout(() => void send(), SEND_EVERY_MS).unref();
}

const asList = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : Number.isInteger(value)
          ? { intValue: String(value) }
          : { doubleValue: value },
  }));

async function send(): Promise<void> {
  const spans = tracing.ended.splice(0);
  tracing.timer = null;
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: service = words.app.slug } = env();
  if (endpoint === undefined) return;
  const body = {
    resourceSpans: [
      {
        resource: { attributes: asList({ "service.name": service, "process.pid": process.pid }) },
        scopeSpans: [{ scope: { name: words.app.slug }, spans }],
      },
    ],
  };
  try {
    const response = await fetch(`${endpoint}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The collector answered ${response.status}.`);
  } catch (error) {
    // Once a minute: nobody's work depends on it.
    if (performance.now() - tracing.failedAt < 60_000 && tracing.failedAt !== 0) return;
    tracing.failedAt = performance.now();
    log("warn", "spans_not_sent", { count: spans.length }, error);
  }
}
