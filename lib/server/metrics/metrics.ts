import "server-only";
import cluster from "node:cluster";
import type { Counter, Histogram, MetricObjectWithValues, MetricValue, Registry } from "prom-client";
import { words } from "@/tables/current";

/**
 * What this process counts for Prometheus. prom-client takes 20 MB: it is loaded when somebody first asks for the metrics, or at
 * the start where METRICS_TOKEN says that somebody will. Until then `measured` is null and nothing is counted.
 * docs/operations.md
 */

type Metrics = {
  registry: Registry;
  requests: Histogram<"route" | "method" | "status">;
  predictions: Counter<"answer" | "backend">;
  modelCalls: Histogram<"backend" | "outcome">;
  modelFailures: Counter<"backend" | "reason">;
  writes: Histogram<"outcome">;
};

// Pages, the API and server/serve.mjs are bundled apart, and count together.
const METRICS = Symbol.for("cytodesk.metrics");
const shared = globalThis as { [METRICS]?: { loading: Promise<Metrics>; loaded: Metrics | null } };

/** What is counted with; null where nothing is. */
export const measured = (): Metrics | null => shared[METRICS]?.loaded ?? null;

/** Begins to count, at the first call. */
export function loadMetrics(): Promise<Metrics> {
  if (shared[METRICS] === undefined) {
    const state: { loading: Promise<Metrics>; loaded: Metrics | null } = { loading: create(), loaded: null };
    shared[METRICS] = state;
    state.loading.then(
      (metrics) => {
        state.loaded = metrics;
      },
      () => {
        delete shared[METRICS];
      },
    );
  }
  return shared[METRICS].loading;
}

const PREFIX = `${words.app.slug.replaceAll("-", "_")}_`;
const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

async function create(): Promise<Metrics> {
  const { default: prometheus } = await import("prom-client");
  const registry = new prometheus.Registry();
  const named = (name: string, help: string) => ({ name: `${PREFIX}${name}`, help, registers: [registry] });
  const buckets = SECONDS;
  prometheus.collectDefaultMetrics({ register: registry });
  const since = new prometheus.Gauge({
    ...named("counting_since_seconds", "When this process began to count, in seconds since 1970."),
    aggregator: "min",
  });
  since.set(Math.round(Date.now() / 1000));
  return {
    registry,
    requests: new prometheus.Histogram({
      ...named("http_request_seconds", "Requests by the pattern of their address, and how long they took."),
      labelNames: ["route", "method", "status"],
      buckets,
    }),
    predictions: new prometheus.Counter({
      ...named("predictions_total", "Predictions that were saved, by answer and by what answered."),
      labelNames: ["answer", "backend"],
    }),
    modelCalls: new prometheus.Histogram({
      ...named("model_call_seconds", "Questions to the model, a retry included, and how long they took."),
      labelNames: ["backend", "outcome"],
      buckets,
    }),
    modelFailures: new prometheus.Counter({
      ...named("model_failures_total", "Questions to the model that got no answer, by reason."),
      labelNames: ["backend", "reason"],
    }),
    writes: new prometheus.Histogram({
      ...named("database_write_seconds", "Writes to the database, waiting included, and how long they took."),
      labelNames: ["outcome"],
      buckets,
    }),
  };
}

const ID = /^(\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** The pattern of an address. What is not there has none, or anybody could make up as many as they like. */
export function routeOf(url: string, status: number): string {
  if ([400, 404, 405, 413, 421].includes(status)) return "other";
  const steps = url
    .replace(/[?#].*/s, "")
    .split("/")
    .slice(1);
  if (steps[0] === "_next") return "/_next";
  return `/${steps.map((step) => (ID.test(step) ? "{id}" : step)).join("/")}`;
}

/** What is asked of the database when somebody asks for the metrics. */
export type Kept = { batches: { state: string; count: number; rows: number }[]; auditHead: number | null };

/** The metrics of all processes of this machine as text, with what is kept. */
export async function metricsText(kept: Kept | null): Promise<{ type: string; text: string }> {
  await loadMetrics();
  const { default: prometheus } = await import("prom-client");
  const counted = cluster.isWorker ? await ofAllProcesses() : [await ownMetrics()];
  const registry = prometheus.AggregatorRegistry.aggregate(counted);
  const own = new prometheus.Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new prometheus.Gauge({ name: `${PREFIX}${name}`, help, labelNames, registers: [own] });
  if (kept !== null) {
    const batches = gauge("batches", "Batches by state.", ["state"]);
    const rows = gauge(
      "batch_rows_answered",
      "Rows of batches that are answered, by the state of the batch.",
      ["state"],
    );
    for (const { state, count, rows: done } of kept.batches) {
      batches.set({ state }, count);
      rows.set({ state }, done);
    }
    if (kept.auditHead !== null) {
      gauge("audit_head", "The place of the latest entry of the audit; it never falls.").set(kept.auditHead);
    }
  }
  gauge("database_readable", "1 where the database could be read just now.").set(kept === null ? 0 : 1);
  return { type: registry.contentType, text: `${await registry.metrics()}\n${await own.metrics()}` };
}

type Counted = MetricObjectWithValues<MetricValue<string>>[];

/** What this process counted, as one that may be sent to another. */
export const ownMetrics = async (): Promise<Counted> => (await loadMetrics()).registry.getMetricsAsJSON();

const LONGEST_WAIT_MS = 5_000;

/** Asks the process above, which asks each that serves: server/metrics-of-all.mjs. */
function ofAllProcesses(): Promise<Counted[]> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => settle(null), LONGEST_WAIT_MS);
    const settle = (counted: Counted[] | null) => {
      clearTimeout(late);
      process.off("message", read);
      if (counted === null) reject(new Error("The metrics of the other processes did not come in time."));
      else resolve(counted);
    };
    const read = (message: { cytodesk?: string; counted?: Counted[] }) => {
      if (message.cytodesk === "metrics of all") settle(message.counted ?? null);
    };
    process.on("message", read);
    process.send?.({ cytodesk: "all metrics?" });
  });
}
