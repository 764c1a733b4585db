import { fail } from "../../lib/result";
import artifactJson from "../../model/artifact.json";
import type { ModelEndpoint } from "./endpoint";
import { failure } from "./failure";
import { createHandler, type LogFields } from "./handler";
import { createInProcessEndpoint } from "./in-process-endpoint";
import { parseLambdaEnv } from "./lambda-env";
import { createSageMakerEndpoint } from "./sagemaker-endpoint";

function log(event: string, fields: LogFields) {
  process.stdout.write(`${JSON.stringify({ level: "error", event, ...fields })}\n`);
}

const env = parseLambdaEnv(process.env);

function createEndpoint(): ModelEndpoint {
  if (!env.ok) {
    // A failed init would reach the client as an unexplained 502; this says 500 misconfigured.
    log("misconfigured", { detail: env.error });
    const misconfigured = failure("misconfigured", "The prediction service is not configured.", {
      detail: env.error,
    });
    return { name: "unconfigured", invoke: async () => fail(misconfigured) };
  }
  if (env.value.MODEL === "in-process") return createInProcessEndpoint(artifactJson);
  return createSageMakerEndpoint({
    endpointName: env.value.ENDPOINT_NAME,
    timeoutMs: env.value.ENDPOINT_TIMEOUT_MS,
  });
}

/** The deployed function; see `npm run bundle:lambda`. */
export const handler = createHandler(createEndpoint(), {
  log,
  timeoutMs: env.ok ? env.value.ENDPOINT_TIMEOUT_MS : undefined,
});
