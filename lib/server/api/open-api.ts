import "server-only";
import { z } from "@hono/zod-openapi";
import { asksForSignIn } from "@/lib/server/access/actor";
import packageJson from "@/package.json";
import { notice, words } from "@/tables/current";
import {
  type ApiDocument,
  type DocumentedOperation,
  originOf,
  type Parameter,
  publishDocument,
} from "./document";
import { type Api, addOperation, TAGS } from "./operation";
import { samplesOf } from "./samples";

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

/** How a program says what it is, where people sign in. */
const KEY_SCHEMES = {
  bearer: { type: "http", scheme: "bearer", description: "A key, which an administrator of the team makes." },
  header: { type: "apiKey", in: "header", name: "X-Api-Key", description: "The same key." },
};

/** The API's document, for a server at `origin`, which its samples call. */
export function documentOf(api: Api, origin: string): ApiDocument {
  const takesKeys = asksForSignIn();
  const who = takesKeys
    ? "Programs send a key, which is for one team, to read or to read and predict."
    : "Answered on the machine that it runs on, without accounts; a proxy before it says who may come.";
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: words.app.name,
      version: packageJson.version,
      description: [
        `Predicts cases and keeps the answers, as the pages do. ${who} What cannot be done is answered with a problem (RFC 9457).`,
        ...(notice === null ? [] : [`${notice[1]}.`]),
      ].join(" "),
      // The library's type is OpenAPI 3.0's, which has no identifier.
      license: { name: packageJson.license, ...{ identifier: packageJson.license } },
    },
    servers: [{ url: origin, description: "Where this document was read." }],
    security: takesKeys ? Object.keys(KEY_SCHEMES).map((name) => ({ [name]: [] })) : [],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  }) as unknown as ApiDocument;
  if (takesKeys) Object.assign(document.components, { securitySchemes: KEY_SCHEMES });
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      operation["x-codeSamples"] = sampled(origin, method, path, operation);
    }
  }
  return document;
}

/** The samples of an operation, with the parameters and the body that are its examples. */
function sampled(origin: string, method: string, path: string, operation: DocumentedOperation) {
  const examples = (operation.parameters ?? []).flatMap(({ name, in: place, example, schema }) => {
    const value = example ?? schema.example;
    return value === undefined ? [] : [{ name, place, value: String(value) }];
  });
  const at = (place: Parameter["in"]) => examples.filter((one) => one.place === place);
  const filled = at("path").reduce((text, { name, value }) => text.replace(`{${name}}`, value), path);
  const query = new URLSearchParams(at("query").map(({ name, value }) => [name, value])).toString();
  const sent = operation.requestBody?.content ?? {};
  const isFile = FILE.type in sent;
  const type = isFile ? FILE.type : Object.keys(sent)[0];
  return samplesOf(
    {
      method: method.toUpperCase(),
      url: `${origin}${filled}${query === "" ? "" : `?${query}`}`,
      headers: {
        ...(type !== undefined && { "Content-Type": type }),
        ...Object.fromEntries(at("header").map(({ name, value }) => [name, value])),
      },
      ...(isFile ? { file: FILE.name } : { body: sent[type ?? ""]?.example }),
    },
    printedOf(operation),
  );
}

/** Where an operation takes a file, the samples send this one. */
const FILE = { name: "cases.csv", type: "text/csv" };

function printedOf({ responses }: DocumentedOperation) {
  const types = Object.entries(responses).flatMap(([status, { content = {} }]) =>
    status.startsWith("2") ? Object.keys(content) : [],
  );
  if (types.length === 0) return "status";
  return types.includes("application/json") ? "json" : "text";
}

export function addDocument(api: Api): void {
  publishDocument((origin) => documentOf(api, origin));
  addOperation(api, READ, (c) => {
    const { host } = new URL(c.req.url);
    return c.json(documentOf(api, originOf(host, c.req.header("x-forwarded-proto"))));
  });
}
