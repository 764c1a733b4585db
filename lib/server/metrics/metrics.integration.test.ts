import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { SAMPLES } from "../../../tables/current";
import { AppServer } from "../../../test/app-server";
import { isBrief } from "../../../test/brief";
import { addKey, addPerson, addTeam, SIGN_IN } from "../../../test/people";
import { createThrowawayDatabase, runMigrate } from "../../../test/throwaway";

const database = createThrowawayDatabase();
afterAll(() => database.remove());

const CASE = JSON.stringify({ caseCode: "B-201", features: SAMPLES[0]?.values });

const predict = (server: AppServer, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/v1/predictions`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: CASE,
  });

async function metricsOf(server: AppServer, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/api/metrics`, { headers });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

const metricOf = (text: string, line: RegExp) =>
  Number(new RegExp(`^${line.source} (\\S+)$`, "m").exec(text)?.[1]);

async function withServer(settings: Record<string, string>, use: (server: AppServer) => Promise<void>) {
  const server = await AppServer.start(database.url, settings);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

describe("the metrics", () => {
  it.skipIf(isBrief)(
    "count from when they are first asked for, in all processes, and name no case",
    async () => {
      await withServer({ WEB_PROCESSES: "2" }, async (server) => {
        expect((await metricsOf(server)).status).toBe(200);
        const sent = 12;
        for (let at = 0; at < sent; at++) expect((await predict(server)).status).toBe(201);
        expect((await fetch(`${server.url}/made-up`)).status).toBe(404);
        expect((await fetch(`${server.url}/history?text=B-201`)).status).toBe(200);
        await expect
          .poll(async () =>
            metricOf(
              (await metricsOf(server)).text,
              /cytodesk_http_request_seconds_count\{route="\/history",method="GET",status="200"\}/,
            ),
          )
          .toBe(1);
        const { text, type } = await metricsOf(server);
        expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
        expect(
          metricOf(
            text,
            /cytodesk_http_request_seconds_count\{route="\/api\/v1\/predictions",method="POST",status="201"\}/,
          ),
        ).toBe(sent);
        expect(
          metricOf(text, /cytodesk_http_request_seconds_count\{route="other",method="GET",status="404"\}/),
        ).toBe(1);
        expect(metricOf(text, /cytodesk_predictions_total\{answer="\w+",backend="embedded"\}/)).toBe(sent);
        expect(
          metricOf(text, /cytodesk_model_call_seconds_count\{backend="embedded",outcome="answered"\}/),
        ).toBe(sent);
        expect(
          metricOf(text, /cytodesk_database_write_seconds_count\{outcome="done"\}/),
        ).toBeGreaterThanOrEqual(sent);
        expect(metricOf(text, /cytodesk_database_readable/)).toBe(1);
        expect(metricOf(text, /process_resident_memory_bytes/)).toBeGreaterThan(50e6);
        expect(text).not.toContain("B-201");
      });
    },
  );

  it("are told from the start where there is a token, to whoever has it", async () => {
    const METRICS_TOKEN = "a-token-of-a-test";
    const settings = {
      METRICS_TOKEN,
      BIND_ADDRESS: "0.0.0.0",
      INSECURE_NO_AUTH: "1",
      MODEL_URL: "http://127.0.0.1:9/",
    };
    await withServer(settings, async (server) => {
      expect((await predict(server)).status).toBe(503);
      const wrong: Record<string, string>[] = [
        {},
        { Authorization: "Bearer another-token" },
        { Authorization: METRICS_TOKEN },
      ];
      for (const headers of wrong) {
        expect((await metricsOf(server, headers)).status).toBe(401);
      }
      const { status, text } = await metricsOf(server, { Authorization: `Bearer ${METRICS_TOKEN}` });
      expect(status).toBe(200);
      expect(metricOf(text, /cytodesk_model_failures_total\{backend="https",reason="unreachable"\}/)).toBe(1);
    });
  });

  it("are told where people sign in to a key of the home team, or by the token, and to no person", async () => {
    const METRICS_TOKEN = "a-token-of-a-test";
    for (const team of ["home", "north"]) await addTeam(database.url, team);
    // Which makes the database of the other team.
    runMigrate("deploy", database.url);
    await withServer({ ...SIGN_IN, METRICS_TOKEN }, async (server) => {
      const statusFor = async (headers: Record<string, string>) => (await metricsOf(server, headers)).status;
      expect(await statusFor(await addKey(database.url, { scope: "read" }))).toBe(200);
      expect(await statusFor({ Authorization: `Bearer ${METRICS_TOKEN}` })).toBe(200);
      expect(await statusFor(await addKey(database.url, { scope: "read", team: "north" }))).toBe(401);
      expect(await statusFor(await addKey(database.url, { scope: "read", isOver: true }))).toBe(401);
      expect(await statusFor(await addPerson(database.url, { role: "administrator" }))).toBe(401);
      expect(await statusFor({})).toBe(401);
    });
  });

  it("are told to nobody behind a proxy without sign-in", async () => {
    await withServer({ ALLOWED_HOSTS: "cases.example,127.0.0.1" }, async (server) => {
      expect((await metricsOf(server)).status).toBe(401);
    });
  });
});

type Sent = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  kind: number;
  status: { code?: number };
};

describe("a trace", () => {
  it("goes from the request through the prediction to the model, and to the collector", async () => {
    const spans: Sent[] = [];
    const asked: (string | undefined)[] = [];
    // The collector, and a model that fails: what it was sent is what is looked at.
    const other = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      if (request.url === "/v1/traces") {
        const body = JSON.parse(Buffer.concat(pieces).toString());
        for (const { scopeSpans } of body.resourceSpans)
          for (const one of scopeSpans) spans.push(...one.spans);
        response.end("{}");
      } else {
        if (request.method === "POST") asked.push(request.headers.traceparent as string | undefined);
        response.writeHead(400).end("{}");
      }
    });
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const caller = "00f067aa0ba902b7";
    try {
      const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: url, MODEL_URL: `${url}/predict` };
      await withServer(settings, async (server) => {
        await predict(server, { traceparent: `00-${traceId}-${caller}-01` });
        const ofTrace = () => spans.filter((one) => one.traceId === traceId);
        await expect.poll(() => ofTrace().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(3);
        const named = (name: string) => ofTrace().find((one) => one.name === name);
        const [request, prediction, call] = ["POST /api/v1/predictions", "predict", "model call"].map(named);
        expect(request).toMatchObject({ parentSpanId: caller, kind: 2, status: { code: 2 } });
        expect(prediction).toMatchObject({ parentSpanId: request?.spanId, kind: 1, status: { code: 2 } });
        expect(call).toMatchObject({ parentSpanId: prediction?.spanId, kind: 3 });
        expect(asked[0]).toBe(`00-${traceId}-${call?.spanId}-01`);
      });
    } finally {
      other.close();
    }
  });

  it.skipIf(isBrief)("whose collector is away keeps nobody waiting", async () => {
    await withServer({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" }, async (server) => {
      expect((await predict(server)).status).toBe(201);
      await expect.poll(() => server.log, { timeout: 10_000 }).toContain('"event":"spans_not_sent"');
      expect((await predict(server)).status).toBe(201);
    });
  });
});
