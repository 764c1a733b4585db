import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runAs } from "@/lib/server/access/actor";
import { log } from "./log";

const written: string[] = [];
beforeEach(() => {
  written.length = 0;
  vi.spyOn(process.stderr, "write").mockImplementation((line) => {
    written.push(String(line));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);

describe("log", () => {
  it("writes one line of JSON, with what caused an error in turn", () => {
    log("error", "not_saved", { id: "a\nb" }, new Error("outer", { cause: new Error("inner\nline") }));
    expect(written).toHaveLength(1);
    expect(written[0]?.match(/\n/g)).toHaveLength(1);
    expect(lines()[0]).toMatchObject({
      time: expect.stringMatching(/Z$/),
      level: "error",
      event: "not_saved",
      id: "a\nb",
      cause: "Error: outer",
      stack: expect.stringMatching(/outer[\s\S]*Caused by: Error: inner/),
    });
    expect(lines()[0]).not.toHaveProperty("requestId");
  });

  it("says which request it is of, unless it is told another", () => {
    const work = () => {
      log("info", "one");
      log("info", "other", { requestId: "of-a-caller" });
    };
    runAs({ kind: "local", team: "home" }, work, "of-this-request");
    expect(lines().map(({ requestId }) => requestId)).toEqual(["of-this-request", "of-a-caller"]);
  });

  it.each([
    "authorization",
    "Cookie",
    "set-cookie",
    "x-api-key",
    "password",
    "MODEL_API_KEY",
    "SIGN_IN_SECRET",
    "METRICS_TOKEN",
    "values",
  ])("never shows a field that is called %s", (field) => {
    log("warn", "odd", { [field]: "s3cr3t" });
    expect(written[0]).not.toContain("s3cr3t");
    expect(lines()[0]?.[field]).toBe("[hidden]");
  });

  it.each([
    "connect postgresql://owner:s3cr3t@db.example/cases failed",
    "Authorization: Bearer s3cr3t-s3cr3t",
    'headers {"x-api-key":"s3cr3t"} refused',
    "cookie: session=s3cr3t; Path=/",
    "password=s3cr3t",
    "SIGN_IN_SECRET=s3cr3t",
  ])("hides the secret in: %s", (text) => {
    log("error", "odd", { detail: text }, new Error(text));
    expect(written[0]).not.toContain("s3cr3t");
    expect(written[0]).toContain("[hidden]");
  });

  it("hides measurements in a text, and leaves other numbers", () => {
    log("error", "odd", {
      detail: "row 17.99, 10.38, 122.8, 1001, 0.1184 is bad; 3, 4 and 2026-11-24, 10.0.0.1:5432",
    });
    expect(lines()[0]?.detail).toBe("row [hidden] is bad; 3, 4 and 2026-11-24, 10.0.0.1:5432");
  });

  it("leaves what names no secret", () => {
    const fields = { id: "x", tokens: 3, detail: "the key 0190c8a0-0000-7000 is known", keyId: "k" };
    log("info", "usual", fields);
    expect(lines()[0]).toMatchObject(fields);
  });
});
