import { type ExecFileException, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, describe, expect, it } from "vitest";
import { teamFolder } from "../../lib/database-url";
import { createSqlite } from "../../test/throwaway";

const database = createSqlite();
const path = database.url.replace("file:", "");
const folder = mkdtempSync(join(tmpdir(), "cytodesk-backup-"));
const inFolder = (name: string) => join(folder, name);

afterAll(() => {
  database.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `scripts/database/<command>.ts` as npm would. */
function run(command: "backup" | "restore", args: string[], url = database.url) {
  const script = fileURLToPath(new URL(`./${command}.ts`, import.meta.url));
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      ["--import", "tsx", script, ...args],
      { env: { ...process.env, DATABASE_URL: url } },
      (error: ExecFileException | null, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      },
    );
  });
}

/** Saves as a server does, one acknowledged row after the other, and prints each id. */
const WRITER = `
  const Database = require("better-sqlite3");
  const database = new Database(process.argv[1], { timeout: 1000 });
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("INSERT INTO model (name, version, identity) SELECT 'm', '1', 'i' WHERE NOT EXISTS (SELECT 1 FROM model)");
  const names = database.pragma("table_info(prediction)").filter(({ type }) => type === "REAL").map(({ name }) => name);
  const insert = database.prepare("INSERT INTO prediction (id, created_at, diagnosis, source, model_id, model_version, backend, idempotency_key, " + names + ") VALUES (?, '2026-01-01T00:00:00.000+00:00', 'M', 'form', 1, '1', 'embedded', ?, " + names.map(() => "0.5") + ")");
  let count = 0;
  const next = () => {
    const id = process.pid + "-" + ++count;
    insert.run(id, id);
    process.stdout.write(id + "\\n", () => setImmediate(next));
  };
  next();
`;

async function startWriter() {
  const child = spawn(process.execPath, ["-e", WRITER, path], { stdio: ["ignore", "pipe", "inherit"] });
  const acknowledged: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => acknowledged.push(line));
  await once(child.stdout, "data");
  return {
    acknowledged,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

const contentOf = (name: string) => readFileSync(name).toString("base64");

describe("backup", () => {
  it("holds every row acknowledged before it began, while the writing goes on", async () => {
    const writer = await startWriter();
    try {
      for (let round = 1; round <= 2; round++) {
        const before = [...writer.acknowledged];
        const target = inFolder(`round-${round}.db`);
        const { code, stdout, stderr } = await run("backup", [target]);
        expect(stderr).toBe("");
        expect(code).toBe(0);
        expect(stdout).toMatch(/MB, \d+ predictions, integrity ok, [\d.]+ s/);
        const copy = new Database(target, { readonly: true });
        const ids = new Set(copy.prepare<[], string>("SELECT id FROM prediction").pluck().all());
        expect(copy.pragma("integrity_check", { simple: true })).toBe("ok");
        copy.close();
        expect(before.length).toBeGreaterThan(0);
        expect(before.filter((id) => !ids.has(id))).toEqual([]);
        expect(writer.acknowledged.length).toBeGreaterThan(before.length);
      }
    } finally {
      await writer.stop();
    }
    expect(readdirSync(folder).sort()).toEqual(["round-1.db", "round-2.db"]);
  });

  it("goes beside the database by default, and over no file that is there", async () => {
    const { stdout } = await run("backup", []);
    const [made = ""] = stdout.split("\n");
    expect(dirname(made)).toBe(join(dirname(path), "backups"));
    expect(basename(made)).toMatch(/^cytodesk-\d{8}-\d{6}\.db$/);
    expect(await run("backup", [made])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/there already/),
    });
  });

  it("leaves PostgreSQL to its own commands", async () => {
    const url = "postgresql://localhost/cytodesk";
    expect((await run("backup", [], url)).stderr).toContain(
      'pg_dump --format=custom --file=cytodesk.dump "$DATABASE_URL"',
    );
    expect((await run("restore", ["x"], url)).stderr).toContain("pg_restore --clean --if-exists");
  });
});

describe("restore", () => {
  /** The restore is refused with this message, and leaves the folder of the database as it was. */
  async function expectRefusal(file: string, message: RegExp) {
    const before = readdirSync(dirname(path)).sort();
    const content = contentOf(path);
    const { code, stderr, stdout } = await run("restore", [file]);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(contentOf(path)).toBe(content);
    expect(readdirSync(dirname(path)).sort()).toEqual(before);
  }

  it("refuses a file that is missing, none of ours, torn, orphaned or newer", async () => {
    const good = inFolder("round-1.db");
    await expectRefusal(inFolder("missing.db"), /There is no file/);

    writeFileSync(inFolder("text.db"), "not a database at all, however long the text may be".repeat(100));
    await expectRefusal(inFolder("text.db"), /not a readable database/);

    new Database(inFolder("other.db")).exec("CREATE TABLE t (a)").close();
    await expectRefusal(inFolder("other.db"), /not a database of Cytodesk/);

    writeFileSync(inFolder("torn.db"), readFileSync(good).subarray(0, 60_000));
    await expectRefusal(inFolder("torn.db"), /damaged|not a readable database/);

    copyFileSync(good, inFolder("orphan.db"));
    const orphan = new Database(inFolder("orphan.db"));
    orphan.pragma("foreign_keys = OFF");
    orphan.exec("INSERT INTO annotation (prediction_id, note) VALUES ('nobody', 'x')");
    orphan.close();
    await expectRefusal(inFolder("orphan.db"), /a row of annotation refers to one that is not there/);

    copyFileSync(good, inFolder("newer.db"));
    const newer = new Database(inFolder("newer.db"));
    newer.exec(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_later', '2999-01-01')",
    );
    newer.close();
    await expectRefusal(inFolder("newer.db"), /newer Cytodesk: it has the migration 29990101000000_later/);

    copyFileSync(good, inFolder("live.db"));
    appendFileSync(inFolder("live.db-wal"), "frames");
    await expectRefusal(inFolder("live.db"), /a database in use/);
  });

  it("refuses while somebody has the database open, even if idle", async () => {
    const idle = new Database(path);
    idle.pragma("journal_mode = WAL");
    idle.prepare("SELECT count(*) FROM prediction").get();
    try {
      await expectRefusal(inFolder("round-1.db"), /in use\. Stop the server first; nothing was changed/);
    } finally {
      idle.close();
    }
  });

  it("puts the backup in place and the database that was there aside", async () => {
    const count = (file: string) => {
      const opened = new Database(file, { readonly: true });
      const found = opened.prepare<[], number>("SELECT count(*) FROM prediction").pluck().get();
      opened.close();
      return found;
    };
    const [now, then] = [count(path), count(inFolder("round-1.db"))];
    expect(now).toBeGreaterThan(Number(then));
    const { code, stdout, stderr } = await run("restore", [inFolder("round-1.db")]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const aside = /is now (.*)/.exec(stdout)?.[1] ?? "";
    expect(existsSync(aside)).toBe(true);
    expect(count(aside)).toBe(now);
    expect(count(path)).toBe(then);
    expect(existsSync(`${path}.restoring`)).toBe(false);
  });

  it("replaces a damaged database only when told that the server is stopped", async () => {
    writeFileSync(path, "ruined ".repeat(1_000));
    await expectRefusal(inFolder("round-1.db"), /repeat with --server-is-stopped/);
    expect(await run("restore", [inFolder("round-1.db"), "--server-is-stopped"])).toMatchObject({ code: 0 });
  });
});

describe("with teams", () => {
  const homes: ReturnType<typeof createSqlite>[] = [];
  afterAll(() => {
    for (const home of homes) home.remove();
  });

  /** A home team's database that lists these teams, each with a setting in a database of its own. */
  function homeWith(...teams: string[]): string {
    const home = createSqlite();
    homes.push(home);
    const file = home.url.replace("file:", "");
    for (const team of teams) {
      const own = join(teamFolder(file), `${team}.db`);
      mkdirSync(teamFolder(file), { recursive: true });
      if (!existsSync(own)) copyFileSync(file, own);
      write(own, `INSERT INTO setting (name, value) VALUES ('whose', '${team}')`);
    }
    for (const team of teams) write(file, `INSERT INTO team VALUES ('${team}', '${team}', '2026-01-01')`);
    return file;
  }
  function write(file: string, sql: string) {
    new Database(file).exec(sql).close();
  }
  function whose(file: string): unknown {
    const opened = new Database(file, { readonly: true });
    const found = opened.prepare("SELECT value FROM setting WHERE name = 'whose'").pluck().get();
    opened.close();
    return found;
  }

  it("goes along as a whole, and comes back as a whole", async () => {
    const home = homeWith("north", "south");
    const backup = join(folder, "teams.db");
    const made = await run("backup", [backup], `file:${home}`);
    expect(made.stderr).toBe("");
    expect(made.stdout).toMatch(
      /^Team north: .*teams\.teams\/north\.db, [\d.]+ MB, 0 predictions, integrity ok$/m,
    );
    expect(readdirSync(teamFolder(backup)).sort()).toEqual(["north.db", "south.db"]);

    write(join(teamFolder(home), "north.db"), "UPDATE setting SET value = 'later'");
    copyFileSync(join(teamFolder(home), "north.db"), join(teamFolder(home), "west.db"));
    write(home, "INSERT INTO team VALUES ('west', 'west', '2026-01-01')");
    const restored = await run("restore", [backup], `file:${home}`);
    expect(restored.stderr).toBe("");
    expect(restored.stdout).toContain("Team south: 0 predictions.");
    expect(readdirSync(teamFolder(home)).sort()).toEqual(["north.db", "south.db"]);
    expect(["north", "south"].map((team) => whose(join(teamFolder(home), `${team}.db`)))).toEqual([
      "north",
      "south",
    ]);
    const aside = /is now (.*)/.exec(restored.stdout)?.[1] ?? "";
    expect(readdirSync(teamFolder(aside)).sort()).toEqual(["north.db", "south.db", "west.db"]);
    expect(whose(join(teamFolder(aside), "north.db"))).toBe("later");
  });

  it("leaves nothing of a backup, and restores nothing, where a team's database is missing or in use", async () => {
    const home = homeWith("north", "south");
    const backup = join(folder, "whole.db");
    expect(await run("backup", [backup], `file:${home}`)).toMatchObject({ code: 0 });

    const idle = new Database(join(teamFolder(home), "south.db"));
    idle.pragma("journal_mode = WAL");
    idle.prepare("SELECT count(*) FROM prediction").get();
    const inUse = await run("restore", [backup], `file:${home}`);
    idle.close();
    expect(inUse).toMatchObject({ code: 1, stderr: expect.stringContaining("south.db is in use") });

    rmSync(join(teamFolder(backup), "south.db"));
    const missing = await run("restore", [backup], `file:${home}`);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/There is no file .*south\.db/) });
    expect(whose(join(teamFolder(home), "south.db"))).toBe("south");
    expect(readdirSync(dirname(home)).sort()).toEqual(["throwaway.db", "throwaway.teams"]);

    rmSync(join(teamFolder(home), "south.db"));
    const none = await run("backup", [join(folder, "none.db")], `file:${home}`);
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("no database of the team south") });
    expect(readdirSync(folder).filter((name) => name.startsWith("none"))).toEqual([]);
  });
});
