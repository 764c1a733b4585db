import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { ModelEndpoint } from "../../lib/inference/endpoint";
import { failure } from "../../lib/inference/failure";
import { createHandler, type LambdaContext, type Outcome } from "../../lib/inference/handler";
import { createSageMakerEndpoint } from "../../lib/inference/sagemaker-endpoint";
import { fail } from "../../lib/result";
import { parseLambdaEnv } from "./lambda-env";

// Both read POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE and POWERTOOLS_LOG_LEVEL.
const logger = new Logger({ serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? "cytodesk" });
const metrics = new Metrics({
  namespace: process.env.POWERTOOLS_METRICS_NAMESPACE ?? "Cytodesk",
  serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? "cytodesk",
});
const env = parseLambdaEnv(process.env);

function createEndpoint(): ModelEndpoint {
  if (env.ok) {
    return createSageMakerEndpoint({
      endpointName: env.value.ENDPOINT_NAME,
      timeoutMs: env.value.ENDPOINT_TIMEOUT_MS,
      csvThreshold: env.value.ENDPOINT_THRESHOLD,
    });
  }
  // A failed init would reach the client as an unexplained 502; this says 500 misconfigured.
  const misconfigured = failure("misconfigured", "The prediction service is not configured.", {
    detail: env.error,
  });
  return { name: "unconfigured", invoke: async () => fail(misconfigured) };
}

/** One log line a request, and its metrics in CloudWatch's embedded format; no measurement is in either. */
function report({ durations, ...outcome }: Outcome): void {
  const { code } = outcome;
  if (code === undefined) logger.info("answered", { ...outcome, ms: durations });
  else logger.error("failed", { ...outcome, ms: durations });
  metrics.addMetric(code === undefined ? "Answered" : "Failed", MetricUnit.Count, 1);
  metrics.addMetric("Rows", MetricUnit.Count, outcome.rows);
  if (durations.endpoint !== undefined) {
    metrics.addMetric("EndpointLatency", MetricUnit.Milliseconds, durations.endpoint);
  }
  if (code !== undefined) {
    // By its code too, under a dimension of its own, so that the sums above stay whole.
    metrics.singleMetric().addDimension("code", code).addMetric("FailedBy", MetricUnit.Count, 1);
  }
}

const answer = createHandler(createEndpoint(), {
  report,
  timeoutMs: env.ok ? env.value.ENDPOINT_TIMEOUT_MS : undefined,
});

/**
 * The deployed function; see `npm run bundle:lambda`. Its log lines carry `cold_start`, `function_request_id` and, where it
 * is traced, `xray_trace_id`.
 */
export async function handler(event: unknown, context?: LambdaContext): Promise<unknown> {
  if (context !== undefined) logger.addContext(context);
  metrics.captureColdStartMetric();
  try {
    return await answer(event, context);
  } finally {
    metrics.publishStoredMetrics();
  }
}
