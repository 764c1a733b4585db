import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { sqlitePath } from "../lib/database-url";
import { AppServer } from "../test/app-server";
import { isBrief } from "../test/brief";
import { createSqlite } from "../test/throwaway";

const folder = mkdtempSync(join(tmpdir(), "cytodesk-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const notADatabase = join(folder, "notes.txt");
writeFileSync(notADatabase, "no database\n".repeat(1000));
const otherProgram = join(folder, "other.db");
new Database(otherProgram).exec("CREATE TABLE auth_user (id); INSERT INTO auth_user VALUES (1)").close();

type Ended = { code: number | string | null; signal: string | null; output: string };

/** Runs a script of the project until it ends; one that does not is killed, which `signal` shows. */
function run(
  script: string,
  settings: Record<string, string>,
  uid?: number,
  ...args: string[]
): Promise<Ended> {
  const env = { ...process.env, DATABASE_URL: `file:${join(folder, "new.db")}`, ...settings };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [
        ...(script.endsWith(".ts") ? ["--import", "tsx"] : []),
        fileURLToPath(new URL(script, import.meta.url)),
        ...args,
      ],
      // A start that fails takes a second; this is for a machine that does much else.
      { env, timeout: 45_000, killSignal: "SIGKILL", ...(uid !== undefined && { uid }) },
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
    ["DATABASE_URL", `file:${otherProgram}`],
    ["DATABASE_URL", `file:${folder}/new.db?connection_limit=1`],
    ["DATABASE_URL", `file:${folder}/with%20space.db`],
    ["DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/cytodesk"],
  ])("ends and names it where %s is %s", async (name, value) => {
    const { code, signal, output } = await run("start.mjs", { [name]: value });
    expect({ code, signal }, output).toEqual({ code: 1, signal: null });
    expect(output.match(new RegExp(name, "g")), output).toHaveLength(1);
    expect(output).not.toMatch(/Cytodesk is at|secret|^ {4}at /m);
    if (name === "DATABASE_URL" && /^file:[^?%]+$/.test(value)) expect(output).toContain(`(${value})`);
  });

  it("ends and names it where the user may not write the database", async () => {
    const database = createSqlite();
    const path = sqlitePath(database.url);
    for (const [of, mode] of [
      [dirname(path), 0o555],
      [path, 0o444],
    ] as const)
      chmodSync(of, mode);
    try {
      // Root may write everything.
      const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
      const { code, output } = await run("start.mjs", { DATABASE_URL: database.url }, nobody);
      expect(code, output).toBe(1);
      expect(output).toContain(
        `DATABASE_URL (${database.url}) cannot be used: This user may not write the file or its folder.`,
      );
      expect(output).not.toMatch(/^ {4}at /m);
    } finally {
      chmodSync(dirname(path), 0o755);
      database.remove();
    }
  });
});

describe("a database that another process has", () => {
  const IN_USE = "Another process has it, and keeps others out";

  it.skipIf(isBrief)("is shared with a server that is running where nothing has to be migrated", async () => {
    const database = createSqlite();
    const [first, second] = await Promise.all([AppServer.start(database.url), AppServer.start(database.url)]);
    try {
      const { code, output } = await run(
        "database/migrate.ts",
        { DATABASE_URL: database.url },
        undefined,
        "deploy",
      );
      expect({ code, output }).toEqual({ code: 0, output: "Database is up to date.\n" });
    } finally {
      await Promise.all([first.stop(), second.stop()]);
      database.remove();
    }
  });

  it.skipIf(isBrief)("is not started on where something has to be, and it says so", async () => {
    const database = createSqlite();
    const server = await AppServer.start(database.url);
    try {
      const other = new Database(sqlitePath(database.url));
      other.exec(
        "DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)",
      );
      other.close();
      const { code, output } = await run("start.mjs", { DATABASE_URL: database.url });
      expect(code, output).toBe(1);
      expect(output).toContain(`DATABASE_URL (${database.url}) cannot be used: ${IN_USE}`);
      expect(output).not.toMatch(/^ {4}at /m);
    } finally {
      await server.stop();
      database.remove();
    }
  });

  it.skipIf(isBrief).each(["WAL", "DELETE"])(
    "is not started on where it is locked (journal %s), and it says so",
    async (journal) => {
      const database = createSqlite();
      const holder = new Database(sqlitePath(database.url));
      holder.pragma(`journal_mode = ${journal}`);
      holder.exec("BEGIN EXCLUSIVE");
      try {
        const { code, output } = await run("start.mjs", { DATABASE_URL: database.url });
        expect(code, output).toBe(1);
        expect(output).toMatch(/DATABASE_URL \(file:.*\) cannot be used/);
        expect(output).toContain(IN_USE);
        expect(output).not.toMatch(/^ {4}at /m);
      } finally {
        holder.close();
        database.remove();
      }
    },
  );
});

describe("files", () => {
  it("of a new database, its folder and its backups are the owner's alone", async () => {
    const path = join(folder, "private", "new.db");
    const DATABASE_URL = `file:${path}`;
    expect(await run("database/migrate.ts", { DATABASE_URL }, undefined, "deploy")).toMatchObject({
      code: 0,
    });
    const server = await AppServer.start(DATABASE_URL);
    const backup = join(folder, "private", "backup.db");
    try {
      expect(await run("database/backup.ts", { DATABASE_URL }, undefined, backup)).toMatchObject({ code: 0 });
      const made = ["", "-wal", "-shm"].map((suffix) => path + suffix).concat(backup);
      expect(made.map((file) => [file, statSync(file).mode & 0o777])).toEqual(
        made.map((file) => [file, 0o600]),
      );
      expect(statSync(join(folder, "private")).mode & 0o777).toBe(0o700);
    } finally {
      await server.stop();
    }
    // Restored over a file that others may read on purpose, it may be read by them still.
    chmodSync(path, 0o640);
    expect(await run("database/restore.ts", { DATABASE_URL }, undefined, backup)).toMatchObject({ code: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o640);
    rmSync(path);
    chmodSync(backup, 0o644);
    expect(await run("database/restore.ts", { DATABASE_URL }, undefined, backup)).toMatchObject({ code: 0 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
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
