import "server-only";

/** The API's document as its readers here see it, and where a page gets it. */

/** A schema of the document, as far as its readers here look into it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  description?: string;
  format?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  [keyword: string]: unknown;
};
export type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required?: boolean;
  description?: string;
  example?: unknown;
  schema: Schema & { example?: unknown };
};
type Content = Record<string, { schema: Schema; example?: unknown }>;
export type DocumentedOperation = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
  "x-codeSamples": { lang: string; label: string; source: string }[];
};
export type ApiDocument = {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, Schema> };
};

/** Where a request came to, as the client wrote it: a proxy before us may have taken TLS off. */
export const originOf = (host: string, forwardedProto: string | undefined) =>
  `${forwardedProto === "https" ? "https" : "http"}://${host}`;

// Next compiles pages apart, and would make a second API for its reference.
const DOCUMENT = Symbol.for("cytodesk.apiDocument");
const LOAD = Symbol.for("cytodesk.loadApi");
const shared = globalThis as {
  [DOCUMENT]?: (origin: string) => ApiDocument;
  /** Set by server/serve.mjs, which loads the API with the first request that needs it. */
  [LOAD]?: () => Promise<unknown>;
};

export function publishDocument(documentOf: (origin: string) => ApiDocument): void {
  shared[DOCUMENT] = documentOf;
}

/** The document of the API that this process serves, for a server at `origin`. */
export async function publishedDocument(origin: string): Promise<ApiDocument> {
  await shared[LOAD]?.();
  if (shared[DOCUMENT] === undefined) throw new Error("this process serves no API");
  return shared[DOCUMENT](origin);
}
