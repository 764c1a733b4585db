import "server-only";
import { OpenAPIHono } from "@hono/zod-openapi";
import { REQUEST_ID } from "@/lib/contract";
import { actor, askedAs, asksForSignIn, isNotAllowed, runAs } from "@/lib/server/access/actor";
import { log } from "@/lib/server/log";
import { words } from "@/tables/current";
import { addBatches } from "./batches";
import { addColumns } from "./columns";
import { addHealth } from "./health";
import { addModel } from "./model";
import { addDocument } from "./open-api";
import { addOpenInference } from "./open-inference";
import { type Api, answerOtherMethods, BASE, type Bindings } from "./operation";
import { addPredictions } from "./predictions";
import { forbidden, refuse } from "./problem";

/** Nothing of an answer runs, should a browser be made to show it. */
const POLICY = "default-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The application that answers programs: everything below BASE and /v2. */
export function createApi(): Api {
  const api: Api = new OpenAPIHono<Bindings>();
  api.use(async (c, next) => {
    const asked = c.req.header("x-request-id") ?? "";
    const requestId = REQUEST_ID.test(asked) ? asked : (askedAs() ?? crypto.randomUUID());
    c.set("requestId", requestId);
    c.header("X-Request-Id", requestId);
    c.header("Cache-Control", "no-store");
    c.header("Content-Security-Policy", POLICY);
    // What is logged meanwhile is found by it too. Where somebody has to be signed in and nobody is, each operation says so.
    if (asksForSignIn() && askedAs() === null) await next();
    else await runAs(actor(), next, requestId);
  });
  api.onError((error, c) => {
    if (isNotAllowed(error)) return refuse(c, forbidden(error));
    log("error", "api_failed", { requestId: c.get("requestId"), method: c.req.method }, error);
    return refuse(c, { kind: "internal", detail: `${words.app.name} failed to answer. The log says why.` });
  });
  api.notFound((c) => refuse(c, { kind: "not-found", detail: `Nothing is at this address below ${BASE}.` }));
  addPredictions(api);
  addBatches(api);
  addModel(api);
  addColumns(api);
  addHealth(api);
  addDocument(api);
  answerOtherMethods(api);
  addOpenInference(api);
  return api;
}
