import { execFile, execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { FEATURE_KEYS, SAMPLES } from "@/tables/current";
import { AppServer } from "@/test/app-server";
import { startAwsAccount } from "@/test/aws-account";
import { isBrief } from "@/test/brief";
import { askDatabase, countPredictions } from "@/test/database";
import { createPostgres, runMigrate, TEST_DATABASE } from "@/test/throwaway";
import { connectClient, connectionFailure, openPool } from "./connect";
import { LoginSecret } from "./secret";

const account = await startAwsAccount();
afterAll(() => account.close());
afterEach(() => {
  vi.unstubAllEnvs();
  account.denied.clear();
});

const NAME = "rds!cluster-1";
const keep = (password: string, username = ROLE) =>
  account.secrets.set(NAME, JSON.stringify({ username, password }));
const asked = () => account.calls.filter((call) => call === "GetSecretValue").length;
const withAccount = () => {
  for (const [name, value] of Object.entries(account.environment())) vi.stubEnv(name, value);
};

const ROLE = `rotated_${process.pid}`;

describe("a secret", () => {
  const read = () => new LoginSecret(NAME, account.region).login();

  it("is asked for once by many, and again once the database refuses it", async () => {
    withAccount();
    keep("one");
    const secret = new LoginSecret(NAME, account.region);
    const before = asked();
    const many = await Promise.all(Array.from({ length: 9 }, () => secret.login()));
    expect(new Set(many.map(({ password }) => password))).toEqual(new Set(["one"]));
    keep("two");
    expect(await secret.login()).toMatchObject({ password: "one" });
    expect(asked() - before).toBe(1);
    secret.forget();
    expect(await secret.login()).toEqual({ username: ROLE, password: "two" });
  });

  it("that cannot be used is named, with what to do, and never with what is in it", async () => {
    withAccount();
    account.secrets.clear();
    await expect(read()).rejects.toThrow(`The secret ${NAME} of DATABASE_SECRET is not there: it has to be`);
    for (const text of ["swordfish", '{"username": "me", "password": ["swordfish"]}', '"swordfish"']) {
      account.secrets.set(NAME, text);
      const error = await read().catch(String);
      expect(error).toContain('is not {"username": "…", "password": "…"}');
      expect(error).not.toContain("swordfish");
    }
    account.denied.add("GetSecretValue");
    await expect(read()).rejects.toThrow("role needs secretsmanager:GetSecretValue on it");
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    await expect(read()).rejects.toThrow(/cannot be asked for: .*(?:ECONNREFUSED|bad port)/);
  });
});

describe.runIf(TEST_DATABASE === "postgresql")("PostgreSQL", () => {
  const database = TEST_DATABASE === "postgresql" ? createPostgres() : { url: "", remove: () => {} };
  const own = (sql: string) => askDatabase(database.url, sql);
  const open = new URL(database.url || "postgresql://x/y");
  open.username = "";
  open.password = "";

  beforeAll(async () => {
    await own(`CREATE ROLE ${ROLE} LOGIN PASSWORD 'one' IN ROLE cytodesk`);
    keep("one");
  });
  afterAll(async () => {
    await own(`DROP OWNED BY ${ROLE}`).then(() => own(`DROP ROLE ${ROLE}`));
    database.remove();
  });
  const pids = async () =>
    (
      await askDatabase<{ pid: number }>(
        database.url,
        `SELECT pid FROM pg_stat_activity WHERE usename = '${ROLE}'`,
      )
    ).map(({ pid }) => pid);

  it("is reached by clients and pools with a password that is replaced", async () => {
    withAccount();
    vi.stubEnv("DATABASE_SECRET", NAME);
    await own(`ALTER ROLE ${ROLE} PASSWORD 'first'`);
    keep("first");
    const pool = await openPool(open.href, { max: 2 });
    const held = await pool.connect();
    await own(`ALTER ROLE ${ROLE} PASSWORD 'second'`);
    keep("second");
    expect((await pool.query("SELECT current_user AS me")).rows).toEqual([{ me: ROLE }]);
    expect((await held.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    held.release();
    const client = await connectClient(open.href);
    expect((await client.query("SELECT current_user AS me")).rows).toEqual([{ me: ROLE }]);
    await Promise.all([client.end(), pool.end()]);
  });

  it.skipIf(isBrief)(
    "takes what is saved while the password is replaced, on old connections and new ones",
    async () => {
      await own(`ALTER ROLE ${ROLE} PASSWORD 'one'`);
      keep("one");
      const server = await AppServer.start(open.href, {
        ...account.environment(),
        ...{ DATABASE_SECRET: NAME, RATE_LIMIT_FACTOR: "1000", WEB_PROCESSES: "1" },
      });
      try {
        const measurements = Object.fromEntries(FEATURE_KEYS.map((key, at) => [key, SAMPLES[0].values[at]]));
        const save = async () => {
          const answer = await fetch(`${server.url}/api/v1/predictions`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ measurements }),
          });
          return answer.status;
        };
        const list = async () => (await fetch(`${server.url}/api/v1/predictions`)).status;
        expect(await save()).toBe(201);
        const before = await pids();
        const askedBefore = asked();

        // As in a rotation, the database has the new password before the secret says so.
        await own(`ALTER ROLE ${ROLE} PASSWORD 'two'`);
        // Saves go together over one connection; what is read meanwhile opens more.
        const reads = Promise.all(Array.from({ length: 40 }, list));
        const saves = Promise.all(Array.from({ length: 40 }, save));
        await expect.poll(asked, { interval: 5 }).toBeGreaterThan(askedBefore);
        keep("two");
        expect(new Set(await reads)).toEqual(new Set([200]));
        expect(new Set(await saves)).toEqual(new Set([201]));
        expect(await countPredictions(database.url)).toBe(41);
        const after = await pids();
        expect(after).toEqual(expect.arrayContaining(before));
        expect(after.length).toBeGreaterThan(before.length);
        expect(server.log).not.toMatch(/"(?:one|two)"/);
      } finally {
        await server.stop();
      }
    },
  );

  it.skipIf(isBrief)(
    "is not reached with a password that stays wrong, which is said and not shown",
    async () => {
      withAccount();
      vi.stubEnv("DATABASE_SECRET", NAME);
      await own(`ALTER ROLE ${ROLE} PASSWORD 'third'`);
      keep("swordfish");
      const before = asked();
      const failure = await connectClient(open.href).then(() => "opened", connectionFailure);
      expect(failure).toMatch(
        /^password authentication failed for user .*the secret of DATABASE_SECRET says, also/,
      );
      expect(failure).not.toContain("swordfish");
      expect(asked() - before).toBeGreaterThan(5);
    },
  );

  it("shows a certificate of the authority that is named, and is refused with one of another", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cytodesk-tls-"));
    const at = (name: string) => join(folder, name);
    const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe", cwd: folder });
    try {
      for (const ca of ["right", "wrong"]) {
        openssl(
          ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
          ...["-subj", `/CN=${ca}`, "-keyout", `${ca}.key`, "-out", `${ca}.pem`],
        );
      }
      writeFileSync(at("san"), "subjectAltName=IP:127.0.0.1");
      openssl(
        ...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=db"],
        ...["-keyout", "db.key", "-out", "db.csr"],
      );
      openssl(
        ...["x509", "-req", "-in", "db.csr", "-CA", "right.pem", "-CAkey", "right.key", "-CAcreateserial"],
        ...["-days", "2", "-extfile", "san", "-out", "db.pem"],
      );
      const [where] = await askDatabase<{ data_directory: string }>(database.url, "SHOW data_directory");
      const { uid, gid } = statSync(where?.data_directory ?? "");
      for (const name of ["", "db.key", "db.pem"]) chownSync(at(name), uid, gid);
      for (const setting of [
        "ssl = on",
        `ssl_cert_file = '${at("db.pem")}'`,
        `ssl_key_file = '${at("db.key")}'`,
      ])
        await own(`ALTER SYSTEM SET ${setting}`);
      await own("SELECT pg_reload_conf()");

      const address = (ca: string, host = "127.0.0.1") => {
        const url = new URL(database.url);
        url.hostname = host;
        url.searchParams.set("sslmode", "verify-full");
        url.searchParams.set("sslrootcert", at(`${ca}.pem`));
        return url.href;
      };
      const client = await vi.waitFor(() => connectClient(address("right")), { interval: 10 });
      const { rows } = await client.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
      expect(rows).toEqual([{ ssl: true }]);
      await client.end();

      const failure = (url: string) => connectClient(url).then(() => "opened", connectionFailure);
      expect(await failure(address("wrong"))).toMatch(
        /^Its certificate is of no authority that is trusted here/,
      );
      expect(await failure(address("right", "localhost"))).toMatch(
        /^Its certificate is of another host than/,
      );
      let printed = "";
      try {
        runMigrate("deploy", address("wrong"));
      } catch (error) {
        printed = String((error as { stderr: unknown }).stderr);
      }
      expect(printed).toMatch(/cannot be used: Its certificate .* sslrootcert=… in DATABASE_URL/);

      // The same with the user and password of a secret.
      withAccount();
      vi.stubEnv("DATABASE_SECRET", NAME);
      await own(`ALTER ROLE ${ROLE} PASSWORD 'one'`);
      keep("one");
      const withoutLogin = new URL(address("right"));
      withoutLogin.username = "";
      withoutLogin.password = "";
      // Not in this thread, which is the account too.
      const migrated = await promisify(execFile)(
        process.execPath,
        ["--import", "tsx", "scripts/database/migrate.ts", "deploy"],
        { env: { ...process.env, DATABASE_URL: withoutLogin.href } },
      );
      expect(migrated.stdout).toBe("Database is up to date.\n");
    } finally {
      for (const name of ["ssl", "ssl_cert_file", "ssl_key_file"]) await own(`ALTER SYSTEM RESET ${name}`);
      await own("SELECT pg_reload_conf()");
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
