import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

export type HttpRequest = {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: Buffer;
};
export type HttpAnswer = { status: number; headers?: Record<string, string>; body?: string };

/** Answers HTTP on 127.0.0.1 and tells the parent process the port; a body beyond `maxBytes` gets `tooLarge`. */
export async function listen(
  port: number,
  { maxBytes, tooLarge }: { maxBytes: number; tooLarge: HttpAnswer },
  answer: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<number> {
  async function respond(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of message.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) break;
      chunks.push(chunk as Buffer);
    }
    const { status, headers, body } =
      size > maxBytes
        ? tooLarge
        : await answer({
            method: message.method ?? "GET",
            url: new URL(message.url ?? "/", `http://${message.headers.host ?? "127.0.0.1"}`),
            headers: flat(message.headers),
            body: Buffer.concat(chunks),
          });
    if (!message.complete) response.setHeader("connection", "close");
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(message.method === "HEAD" ? undefined : body);
  }

  const server = createServer((message, response) => {
    // One request must not end the hop for all others; a caller that went away is told nothing.
    respond(message, response).catch((error: unknown) => {
      console.error(`failed: ${error instanceof Error ? error.name : typeof error}`);
      if (response.destroyed || response.headersSent) response.destroy();
      else response.writeHead(500, { connection: "close" }).end('{"message":"Internal server error"}');
    });
  });
  // A runtime client may wait for its next invocation for hours.
  server.requestTimeout = 0;
  return bind(server, port);
}

/** Less than the five seconds after which Node's server, the container's too, ends a connection that nothing asks on. */
const agent = new Agent({ keepAlive: true, timeout: 3_000 });

export type Posted = { status: number; headers: IncomingHttpHeaders; body: string };

/**
 * POSTs to the next hop on a connection that is kept, with less of its own than `fetch` has; "timeout" where the answer is
 * not there in time. Rejects where there is none.
 */
export function post(
  url: string,
  {
    headers,
    body,
    timeoutMs,
  }: { headers?: Record<string, string>; body: string | Buffer; timeoutMs: number },
): Promise<Posted | "timeout"> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body);
    const sent = request(url, { method: "POST", agent, headers: { ...headers, "content-length": length } });
    const timer = setTimeout(() => {
      resolve("timeout");
      sent.destroy();
    }, timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    sent.on("error", fail);
    sent.once("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", fail);
      response.once("end", () => {
        clearTimeout(timer);
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    sent.end(body);
  });
}

async function bind(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

export function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(",") : value]],
    ),
  );
}
