import "server-only";
import { z } from "@hono/zod-openapi";
import packageJson from "@/package.json";
import { type Api, addOperation, TAGS } from "./operation";

const READ = {
  method: "get",
  path: "/openapi.json",
  operationId: "readDocument",
  tag: "Model",
  summary: "Read this document",
  description: "OpenAPI 3.1, from the schemas by which requests are read.",
  answers: {
    200: { description: "The document.", schema: z.looseObject({ openapi: z.string() }).openapi("Document") },
  },
  problems: [],
} as const;

/** The API's document, for a server at `origin`. */
export function documentOf(api: Api, origin: string) {
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Cytodesk",
      version: packageJson.version,
      description:
        "Predicts cases and keeps the answers, as the pages do. Answered on the machine that it runs on, without accounts; a proxy before it says who may come. Bodies are JSON. What cannot be done is answered with a problem (RFC 9457). Not a medical device.",
      // The library's type is OpenAPI 3.0's, which has no identifier.
      license: { name: packageJson.license, ...{ identifier: packageJson.license } },
    },
    servers: [{ url: origin, description: "Where this document was read." }],
    security: [],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  });
}

export function addDocument(api: Api): void {
  addOperation(api, READ, (c) => c.json(documentOf(api, new URL(c.req.url).origin)));
}
