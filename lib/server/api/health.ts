import "server-only";
import { z } from "@hono/zod-openapi";
import { checkHealth, checkProcess, checkReady } from "@/lib/server/health";
import { type Api, addOperation } from "./operation";

const ofProcess = {
  status: z.enum(["ok", "failing"]),
  version: z.string(),
  node: z.string(),
};
const ofDatabase = {
  database: z.object({
    writable: z.boolean(),
    schemaFits: z.boolean().openapi({ description: "It has the tables and columns of this version." }),
    detail: z.string().optional(),
  }),
};

const live = z.object(ofProcess).openapi("Live");
const ready = z.object({ ...ofProcess, ...ofDatabase }).openapi("Ready");
const health = z
  .object({
    ...ofProcess,
    ...ofDatabase,
    model: z.looseObject({ ok: z.boolean(), detail: z.string(), backend: z.string() }),
    warnings: z.array(z.string()).optional().openapi({
      description:
        "What whoever runs the server should know, such as that others reach it and nobody signs in.",
    }),
  })
  .openapi("Health");

const check = (path: `/health${string}`, operationId: string, summary: string, schema: z.ZodType) =>
  ({
    method: "get",
    path,
    operationId,
    tag: "Health",
    summary,
    answers: {
      200: { description: "Well.", schema },
      503: { description: "Not well; the body says what.", schema },
    },
    problems: [],
  }) as const;

const statusOf = ({ status }: { status: "ok" | "failing" }) => (status === "ok" ? 200 : 503);

export function addHealth(api: Api): void {
  addOperation(api, check("/health/live", "checkLive", "Check the process", live), (c) =>
    c.json(checkProcess() satisfies z.infer<typeof live>),
  );
  addOperation(api, check("/health/ready", "checkReady", "Check process and database", ready), async (c) => {
    const is: z.infer<typeof ready> = await checkReady();
    return c.json(is, statusOf(is));
  });
  addOperation(
    api,
    check("/health", "checkHealth", "Check process, database and model", health),
    async (c) => {
      const is: z.infer<typeof health> = await checkHealth();
      return c.json(is, statusOf(is));
    },
  );
}
