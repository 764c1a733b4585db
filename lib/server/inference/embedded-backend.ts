import "server-only";
import { createHandler } from "@/lib/inference/handler";
import { createInProcessEndpoint } from "@/lib/inference/in-process-endpoint";
import { artifactJson } from "@/tables/current-model";
import type { Backend } from "./backend";
import { logFailure, sendToHandler } from "./handler-send";

/** The Lambda's own code in this process, with the committed model. */
export function createEmbeddedBackend(): Backend {
  const endpoint = createInProcessEndpoint(artifactJson);
  const handler = createHandler(endpoint, { report: logFailure });
  return {
    kind: "embedded",
    target: "this process",
    region: null,
    signed: false,
    model: endpoint.identity,
    send: sendToHandler(handler),
    check: async () => ({ ok: true, detail: "model loaded" }),
  };
}
