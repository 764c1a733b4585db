import "server-only";
import { createHandler } from "@/lib/inference/handler";
import type { Backend } from "./backend";
import { logFailure, sendToHandler } from "./handler-send";

export type SageMakerBackendOptions = { region: string; endpointName: string; timeoutMs: number };

/** The Lambda's own code in this process, in front of a SageMaker endpoint. */
export function createSageMakerBackend({
  region,
  endpointName,
  timeoutMs,
}: SageMakerBackendOptions): Backend {
  let loading: Promise<Pick<Backend, "send" | "check">> | undefined;

  // The AWS SDK is loaded by the first call, so that other backends start without it.
  function load() {
    loading ??= import("@/lib/inference/sagemaker-endpoint").then(({ createSageMakerEndpoint }) => {
      const endpoint = createSageMakerEndpoint({ region, endpointName, timeoutMs });
      const handler = createHandler(endpoint, { report: logFailure, timeoutMs });
      return {
        send: sendToHandler(handler),
        async check() {
          const checked = await endpoint.check();
          return checked.ok
            ? { ok: true, detail: "AWS credentials found" }
            : { ok: false, detail: checked.error.message };
        },
      };
    });
    return loading;
  }

  return {
    kind: "sagemaker",
    target: endpointName,
    region,
    signed: true,
    model: null,
    send: async (body, options) => (await load()).send(body, options),
    check: async () => (await load()).check(),
  };
}
