import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";

/** Few, so that lists come in pages. */
const KEYS_A_PAGE = 2;

/**
 * A bucket on loopback for tests, in memory: PutObject (also as the SDK's aws-chunked stream, its CRC-32 checked),
 * CopyObject, GetObject, DeleteObject and ListObjectsV2 by path-style addresses. It checks no signature, knows no versions, ranges,
 * conditions or multi-part uploads, and is consistent at once, as S3 is.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
export async function startS3() {
  const objects = new Map<string, Buffer>();
  /**
   * What is done with a request instead of answering it: "cut" breaks the connection in the middle of an answer, "lost"
   * keeps what was put and never answers.
   */
  const faults: { on: RegExp; times: number; how: "slow down" | "cut" | "lost" }[] = [];
  const requests: string[] = [];

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://s3");
    const [, bucket = "", key = ""] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(url.pathname)) ?? [];
    const path = `${bucket}/${key}`;
    const name = `${request.method} ${path}`;
    requests.push(name);
    const body = await read(request);
    const fault = faults.find(({ on, times }) => times > 0 && on.test(name));
    if (fault !== undefined) fault.times--;
    if (fault?.how === "slow down") return refuse(response, 503, "SlowDown");
    if (key === "") return list(response, bucket, url.searchParams);
    const source = request.headers["x-amz-copy-source"];
    if (request.method === "PUT" && typeof source === "string") {
      const copied = objects.get(decodeURIComponent(source));
      if (copied === undefined) return refuse(response, 404, "NoSuchKey");
      objects.set(path, copied);
      return void response.end("<CopyObjectResult><ETag>x</ETag></CopyObjectResult>");
    }
    if (request.method === "PUT") {
      const content = contentOf(request, body);
      if (content === null) return refuse(response, 400, "BadDigest");
      objects.set(path, content);
      return fault === undefined ? void response.end() : undefined;
    }
    if (request.method === "DELETE") {
      objects.delete(path);
      return void response.writeHead(204).end();
    }
    const found = objects.get(path);
    if (request.method !== "GET" || found === undefined) return refuse(response, 404, "NoSuchKey");
    response.writeHead(200, { "Content-Length": found.length });
    if (fault === undefined) return void response.end(found);
    response.write(found.subarray(0, found.length / 2), () => response.destroy());
  });

  function list(response: ServerResponse, bucket: string, query: URLSearchParams) {
    const begin = `${bucket}/${query.get("prefix") ?? ""}`;
    const after = query.get("continuation-token") ?? "";
    const keys = [...objects.keys()].filter((path) => path.startsWith(begin) && path > after).sort();
    const page = keys.slice(0, KEYS_A_PAGE);
    const isLast = keys.length <= KEYS_A_PAGE;
    const contents = page.map((path) => `<Contents><Key>${path.slice(bucket.length + 1)}</Key></Contents>`);
    const next = isLast ? "" : `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>`;
    response.end(
      `<ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`,
    );
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** By bucket, slash and key. */
    objects,
    faults,
    /** Such as "PUT bucket/key". */
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status).end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What a PutObject's body holds; null where it is not what its length and checksum say. */
function contentOf({ headers }: IncomingMessage, body: Buffer): Buffer | null {
  if (headers["content-encoding"]?.includes("aws-chunked") !== true) return body;
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.subarray(at, end).toString(), 16);
    at = end + 2;
    if (size === 0) {
      const content = Buffer.concat(pieces);
      const [, checksum] = /x-amz-checksum-crc32:(\S+)/.exec(body.subarray(at).toString()) ?? [];
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE(crc32(content));
      const isWhole = String(content.length) === headers["x-amz-decoded-content-length"];
      return isWhole && checksum === sum.toString("base64") ? content : null;
    }
    pieces.push(body.subarray(at, at + size));
    at += size + 2;
  }
}
