// Extends zod, which has to come before the first schema is made.
import "@hono/zod-openapi";

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { refuseProgram } from "./api";

it("refuses a program in the words of its protocol", async () => {
  const reason = "it comes from a page of another site.";
  const server = createServer((request, response) =>
    refuseProgram(request, response, { status: 403, reason }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const detail = `The server refused this request: ${reason}`;
  const ofApi = await fetch(`${at}/api/v1/model`);
  expect([ofApi.status, ofApi.headers.get("content-type")]).toEqual([403, "application/problem+json"]);
  expect(await ofApi.json()).toMatchObject({ status: 403, detail });
  const ofInference = await fetch(`${at}/v2/models/wdbc/infer`, { method: "POST" });
  expect([ofInference.status, ofInference.headers.get("content-type")]).toEqual([403, "application/json"]);
  expect(await ofInference.json()).toEqual({ error: detail });
  await new Promise((resolve) => server.close(resolve));
});
