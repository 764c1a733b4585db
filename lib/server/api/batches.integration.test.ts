import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Batch, BatchState } from "@/lib/batch/batch";
import { FEATURE_KEYS, table } from "@/tables/current";
import { createThrowawayDatabase } from "@/test/throwaway";

vi.mock("@/lib/server/log", () => ({ log: vi.fn() }));

const { url, remove } = createThrowawayDatabase();
const folder = mkdtempSync(join(tmpdir(), "batches-"));
process.env.DATABASE_URL = url;
process.env.BATCH_URL = `file:${folder}`;
const { database } = await import("@/lib/server/database/db");
const { createApi } = await import("./create-api");
const { startBatches } = await import("@/lib/server/batch/runner");
const api = createApi();
startBatches();

afterAll(async () => {
  await (await database()).$disconnect();
  remove();
  rmSync(folder, { recursive: true, force: true });
});

type Said = {
  id: string;
  state: BatchState;
  detail: string;
  isWorkedOn: boolean;
  mapping: Batch["mapping"];
  counts: Record<"rows" | "bad" | "total" | "done", number>;
  rows: { row: number; links: { self: string } }[];
  batches: { id: string }[];
  errors: unknown;
  links: { self: string; next: string | null; previous: string | null };
};

async function ask(method: string, path: string, body?: string | Buffer, type?: string) {
  const at = path.startsWith("/api/") ? path : `/api/v1${path}`;
  const response = await api.request(`http://127.0.0.1${at}`, {
    method,
    ...(type !== undefined && { headers: { "Content-Type": type } }),
    ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  const { headers, status } = response;
  return {
    status,
    headers,
    text,
    body: (isJson && !headers.has("content-disposition") ? JSON.parse(text) : {}) as Said,
  };
}

const DATA = readFileSync(table.dataFile);
const send = (query = "", content: string | Buffer = DATA, type = "text/csv") =>
  ask("POST", `/batches${query}`, content, type);

async function until(id: string, ...states: BatchState[]): Promise<Said> {
  for (let tries = 0; tries < 500; tries++) {
    const { body } = await ask("GET", `/batches/${id}`);
    if (states.includes(body.state) && !body.isWorkedOn) return body;
    await pause(30);
  }
  throw new Error(`${id} did not come to be ${states.join(" or ")}`);
}

describe("a batch", () => {
  it("is sent, answered at once, followed, listed by pages and downloaded", async () => {
    const sent = await send("?name=cases.csv&start=true");
    const { id, links } = sent.body;
    expect(sent).toMatchObject({ status: 202, body: { fileName: "cases.csv" } });
    expect(sent.headers.get("location")).toBe(links.self);

    const { headers, text } = await ask("GET", `/batches/${id}/events`);
    expect(headers.get("content-type")).toBe("text/event-stream");
    const told = text
      .split("\n\n")
      .flatMap((event) => (event.startsWith("data: ") ? [JSON.parse(event.slice(6))] : []));
    expect(told.at(-1)).toMatchObject({ state: "finished", done: table.rows, isWorkedOn: false });

    const done = await until(id, "finished");
    expect(done.counts).toEqual({ rows: table.rows, bad: 0, total: table.rows, done: table.rows });
    expect((await ask("GET", "/batches")).body.batches).toMatchObject([{ id, counts: done.counts }]);

    const seen: number[] = [];
    let next: string | null = `/batches/${id}/rows?view=all&sort=row&limit=100`;
    while (next !== null) {
      const page: Awaited<ReturnType<typeof ask>> = await ask("GET", next);
      expect(page.headers.get("link")).toContain('rel="first"');
      seen.push(...page.body.rows.map(({ row }) => row));
      next = page.body.links.next;
    }
    expect(seen).toEqual(Array.from({ length: table.rows }, (_, at) => at + 1));
    const one = await ask("GET", `/batches/${id}/rows/7`);
    expect(one.body).toMatchObject({ row: 7, cells: { length: FEATURE_KEYS.length + 1 } });
    expect(Object.keys((one.body as unknown as { measurements: object }).measurements)).toEqual(FEATURE_KEYS);

    const csv = await ask("GET", `/batches/${id}/results`);
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="cases-answers.csv"');
    expect(csv.text.trim().split("\n")).toHaveLength(table.rows + 1);
    const parquet = await ask("GET", `/batches/${id}/results?format=parquet`);
    expect(parquet.text.slice(0, 4)).toBe("PAR1");
    expect((await ask("GET", `/batches/${id}/bad-rows`)).text).toBe("line,column,text,reason\r\n");
    const head = await ask("HEAD", `/batches/${id}/results`);
    expect([head.status, head.text]).toEqual([200, ""]);
  });

  it("waits where something is in doubt, and is started, stopped and deleted", async () => {
    const lines = DATA.toString("utf8").trim().split("\n").slice(1, 5);
    const header = `case,a,${FEATURE_KEYS.slice(1).join(",")}`;
    const content = [header, ...lines.map((line, at) => `X${at},${line.slice(2)}`)].join("\n");
    const { id } = (await send("?start=true", content)).body;
    expect(await until(id, "unread", "read", "finished")).toMatchObject({
      state: "unread",
      counts: { done: 0 },
    });
    const start = await ask("POST", `/batches/${id}/start`);
    expect(start).toMatchObject({ status: 409, body: { title: "The batch is in another state" } });
    expect(start.body.detail).toContain('It is "unread".');
    expect((await ask("GET", `/batches/${id}/results`)).status).toBe(409);

    const mapping = { measurements: FEATURE_KEYS.map((_, at) => at + 1), code: 0, truth: null, decimal: "." };
    const patch = (body: unknown) => ask("PATCH", `/batches/${id}`, JSON.stringify(body), "application/json");
    const wrong = { ...mapping, code: 4, measurements: mapping.measurements.with(2, 90) };
    expect(await patch({ mapping: wrong })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/mapping/measurements/2" }, { pointer: "/mapping/code" }] },
    });
    expect(await patch({ mapping, more: 1 })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: "/more" }] },
    });
    expect(await patch({ mapping })).toMatchObject({ status: 200, body: { state: "reading" } });
    expect(await until(id, "read")).toMatchObject({ mapping, counts: { rows: 4 } });
    expect((await ask("POST", `/batches/${id}/start`)).status).toBe(200);
    await until(id, "finished");
    const rows = await ask("GET", `/batches/${id}/rows?view=all&sort=row`);
    expect(rows.body.rows.map((row) => row)).toMatchObject(
      ["X0", "X1", "X2", "X3"].map((caseCode) => ({ caseCode })),
    );
    for (const action of ["start", "pause", "resume", "stop"]) {
      expect((await ask("POST", `/batches/${id}/${action}`)).status).toBe(409);
    }
    expect((await ask("DELETE", `/batches/${id}`)).status).toBe(204);
    expect((await ask("DELETE", `/batches/${id}`)).status).toBe(204);
    expect((await ask("GET", `/batches/${id}`)).body).toMatchObject({ deletedAt: expect.any(String) });
    expect((await ask("POST", `/batches/${id}/start`)).body.detail).toContain("It was deleted.");
    expect((await ask("GET", "/batches")).body.batches.some((batch) => batch.id === id)).toBe(false);
  });

  it("can be a file beside the batches, and no other", async () => {
    const inbox = join(folder, "inbox");
    mkdirSync(join(inbox, "today"), { recursive: true });
    writeFileSync(join(inbox, "today", "my cases.csv"), DATA);
    writeFileSync(join(folder, "outside.csv"), DATA);
    symlinkSync(join(folder, "outside.csv"), join(inbox, "link.csv"));
    const name = (address: string) =>
      ask("POST", "/batches", JSON.stringify({ url: address }), "application/json");
    const sent = await name(`file:${inbox}/today/my cases.csv`);
    expect(sent).toMatchObject({ status: 202, body: { fileName: "my cases.csv", bytes: DATA.length } });
    expect(await until(sent.body.id, "read")).toMatchObject({ counts: { rows: table.rows } });
    for (const address of [
      `file:${inbox}/../outside.csv`,
      `file:${inbox}/today/../../outside.csv`,
      `file:${inbox}/link.csv`,
      `file:${inbox}/today`,
      `file:${inbox}/none.csv`,
      `file:${inbox}/`,
      `file:${inbox}/today\\..\\x`,
      `file:${inbox}/%2e%2e/outside.csv`,
      `file:${inbox}//etc/passwd`,
      `file:${folder}/outside.csv`,
      "file:/etc/passwd",
      "/etc/passwd",
      "http://127.0.0.1/cases.csv",
      "s3://other/inbox/cases.csv",
    ]) {
      const refused = await name(address);
      expect([address, refused.status, refused.body.errors]).toEqual([
        address,
        422,
        [{ pointer: "/url", detail: expect.any(String) }],
      ]);
      expect(refused.text).not.toContain(folder);
    }
  });

  it("is refused where a request is wrong, and nothing is kept of it", async () => {
    const before = (await ask("GET", "/batches")).body.batches.length;
    for (const type of [
      "text/plain",
      "multipart/form-data; boundary=x",
      "application/x-www-form-urlencoded",
      "",
    ]) {
      expect([type, (await send("", DATA, type)).status]).toEqual([type, 415]);
    }
    expect((await send("", "")).status).toBe(400);
    for (const query of ["?start=yes", "?other=1", "?name=", "?name=a&name=b"]) {
      expect([query, (await send(query)).status]).toEqual([query, 400]);
    }
    const large = await api.request("http://127.0.0.1/api/v1/batches", {
      method: "POST",
      headers: { "Content-Type": "text/csv", "Content-Length": "4000000001" },
      body: "a",
    });
    expect(large.status).toBe(413);
    expect((await ask("GET", "/batches")).body.batches).toHaveLength(before);
    const { id } = (await send()).body;
    const refused = ["rows?view=none", "rows?size=25", "rows?limit=0", "results?format=xlsx", "events?x=1"];
    for (const path of refused) {
      expect([path, (await ask("GET", `/batches/${id}/${path}`)).status]).toEqual([path, 400]);
    }
    for (const path of ["rows/0", "rows/x", "rows/99999999"]) {
      expect([path, (await ask("GET", `/batches/${id}/${path}`)).status]).toEqual([path, 404]);
    }
    const none = "/batches/0190c8a0-0000-7000-8000-000000000002";
    for (const path of ["", "/rows", "/results", "/bad-rows", "/events"]) {
      expect([path, (await ask("GET", none + path)).status]).toEqual([path, 404]);
    }
    expect((await ask("GET", "/batches/x")).status).toBe(404);
    expect((await ask("POST", `/batches/${id}/start`, "", "text/plain")).status).toBe(415);
    expect((await ask("PUT", `/batches/${id}`)).headers.get("allow")).toBe(
      "GET, PATCH, DELETE, HEAD, OPTIONS",
    );
  });
});
