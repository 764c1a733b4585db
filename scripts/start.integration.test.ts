import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { createSqlite } from "../test/throwaway";

const folder = mkdtempSync(join(tmpdir(), "cytodesk-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const notADatabase = join(folder, "notes.txt");
writeFileSync(notADatabase, "no database\n".repeat(1000));

type Ended = { code: number | string | null; signal: string | null; output: string };

/** Runs a script of the project until it ends; one that does not is killed, which `signal` shows. */
function run(script: string, settings: Record<string, string>): Promise<Ended> {
  const env = { ...process.env, DATABASE_URL: `file:${join(folder, "new.db")}`, ...settings };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [fileURLToPath(new URL(script, import.meta.url))],
      // A start that fails takes a second; this is for a machine that does much else.
      { env, timeout: 45_000, killSignal: "SIGKILL" },
      (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, signal: error?.signal ?? null, output: stdout + stderr }),
    );
  });
}

describe("npm start", () => {
  it.each([
    ["MODEL_URL", "ftp://x"],
    ["MODEL_URL", "file:///etc/passwd"],
    ["WEB_PROCESSES", "abc"],
    ["WEB_PROCESSES", "0"],
    ["PORT", "70000"],
    ["ALLOWED_HOSTS", "*"],
    ["BASE_PATH", "/cyto"],
    ["DATABASE_URL", "mysql://localhost/x"],
    // Nobody, not even root, can make a folder or a file in these.
    ["DATABASE_URL", "file:/dev/null/folder/cytodesk.db"],
    ["DATABASE_URL", `file:${folder}`],
    ["DATABASE_URL", `file:${notADatabase}`],
    ["DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/cytodesk"],
  ])("ends and names it where %s is %s", async (name, value) => {
    const { code, signal, output } = await run("start.mjs", { [name]: value });
    expect({ code, signal }, output).toEqual({ code: 1, signal: null });
    expect(output.match(new RegExp(name, "g")), output).toHaveLength(1);
    expect(output).not.toMatch(/Cytodesk is at|secret|^ {4}at /m);
  });
});

describe("the server", () => {
  it("ends where the database was never made, and makes none", async () => {
    const { code, output } = await run("../server/serve.mjs", {});
    expect(code).toBe(1);
    expect(output).toContain("There is no file");
    expect((await run("../server/serve.mjs", {})).output).toContain("There is no file");
  });

  it("ends where its port is taken, however many processes it was to have", async () => {
    const database = createSqlite();
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const PORT = String((taken.address() as AddressInfo).port);
    try {
      const settings = { DATABASE_URL: database.url, NODE_ENV: "production", PORT, WEB_PROCESSES: "2" };
      const { code, signal, output } = await run("../server/serve.mjs", settings);
      expect({ code, signal }, output).toEqual({ code: 1, signal: null });
      expect(output).toContain(`Port ${PORT} cannot be used`);
      expect(output).not.toContain("starting another");
    } finally {
      taken.close();
      database.remove();
    }
  });
});
