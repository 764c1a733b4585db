import "server-only";
import { z } from "@hono/zod-openapi";
import { MAX_INSTANCES, modelIdentity } from "@/lib/contract";
import { inference } from "@/lib/server/inference/inference";
import { type Api, addOperation, BASE } from "./operation";

const modelView = z
  .object({
    model: modelIdentity.nullable().openapi({
      description: "Null where a model that runs elsewhere has not answered yet.",
    }),
    backend: z.enum(["embedded", "https", "sagemaker", "oip"]),
    circuit: z.enum(["closed", "half-open", "open"]).openapi({
      description: "Open: it failed several times in a row and is left alone for a while.",
    }),
    timeoutMs: z.number(),
    limits: z.object({ casesPerRequest: z.int() }),
    links: z.object({ columns: z.string(), page: z.string() }),
  })
  .openapi("Model");

const READ = {
  method: "get",
  path: "/model",
  operationId: "readModel",
  tag: "Model",
  summary: "Read which model answers",
  description: "Nothing is asked of the model.",
  answers: { 200: { description: "The model.", schema: modelView } },
  problems: [],
} as const;

export function addModel(api: Api): void {
  addOperation(api, READ, (c) => {
    const { model, backend, circuit, timeoutMs } = inference().describe();
    const limits = { casesPerRequest: MAX_INSTANCES };
    const links = { columns: `${BASE}/columns`, page: "/model" };
    return c.json({ model, backend, circuit, timeoutMs, limits, links } satisfies z.infer<typeof modelView>);
  });
}
