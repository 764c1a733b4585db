import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installDebianPackages } from "../debian.mjs";

/**
 * A throw-away PostgreSQL server for tests and for writing migrations: Debian's package, a cluster in a temporary
 * folder, reached over 127.0.0.1 with a password.
 */

const INSTALLED = "/usr/lib/postgresql";
/** The first whose clusters can sort by ICU's rules. */
const LEAST_VERSION = 15;

/** The newest server's folder of programs; undefined where none is installed as Debian does it. */
function programs() {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED) : [];
  return versions
    .filter((version) => Number(version) >= LEAST_VERSION)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(INSTALLED, version, "bin"))
    .find((folder) => ["initdb", "pg_ctl", "psql"].every((program) => existsSync(join(folder, program))));
}

/** Installs Debian's server where none is found; says why there is none, or null where there is one. */
export function ensurePostgres() {
  if (programs() === undefined && existsSync("/usr/bin/apt-get")) {
    console.error("No PostgreSQL server found; installing Debian's …");
    try {
      installDebianPackages("postgresql");
    } catch (error) {
      return `Debian's PostgreSQL cannot be installed: ${error.message}`;
    }
  }
  return programs() === undefined
    ? `there is no PostgreSQL ${LEAST_VERSION} or later in ${INSTALLED}, and no apt to install it`
    : null;
}

/** PostgreSQL refuses to run as root, so root runs its programs as the user that Debian's package makes. */
function run(program, args, options = {}) {
  const path = join(programs() ?? "", program);
  const [command, ...rest] =
    process.getuid?.() === 0 ? ["runuser", "-u", "postgres", "--", path, ...args] : [path, ...args];
  // From a folder that the other user may enter.
  return execFileSync(command, rest, { cwd: "/", encoding: "utf8", ...options });
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/**
 * Starts an empty cluster. Its default order of text is English, not that of bytes, so that a column which forgets its
 * collation is noticed.
 * @returns {Promise<{ url: string, stop: () => void }>} the address of its maintenance database, and what ends it
 */
export async function startPostgres() {
  if (programs() === undefined) throw new Error("No PostgreSQL server is installed.");
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-postgres-"));
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  const password = randomBytes(18).toString("base64url");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (process.getuid?.() === 0) {
    const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "postgres"])));
    for (const path of [folder, passwordFile]) chownSync(path, uid, gid);
  }
  const log = join(folder, "log");
  let running = false;
  const stop = () => {
    process.off("exit", stop);
    if (running) run("pg_ctl", ["stop", "--pgdata", data, "--mode", "immediate", "--silent"]);
    running = false;
    rmSync(folder, { recursive: true, force: true });
  };
  process.on("exit", stop);
  try {
    run("initdb", [
      ...["--pgdata", data, "--username", "cytodesk", "--pwfile", passwordFile, "--auth", "scram-sha-256"],
      ...["--encoding", "UTF8", "--locale", "C", "--locale-provider", "icu", "--icu-locale", "en-US"],
      "--no-sync",
    ]);
    const port = await freePort();
    const settings = [
      `port = ${port}`,
      "listen_addresses = '127.0.0.1'",
      "unix_socket_directories = ''",
      "max_connections = 200",
    ];
    appendFileSync(join(data, "postgresql.conf"), `${settings.join("\n")}\n`);
    // The server would hold on to the pipes of this process.
    run("pg_ctl", ["start", "--pgdata", data, "--log", log, "--wait", "--silent"], { stdio: "ignore" });
    running = true;
    return { url: `postgresql://cytodesk:${password}@127.0.0.1:${port}/postgres`, stop };
  } catch (error) {
    if (existsSync(log)) console.error(readFileSync(log, "utf8"));
    stop();
    throw error;
  }
}

/**
 * Runs statements, each by itself; throws where one fails.
 * @param {string} url
 * @param {...string} statements
 */
export function runSql(url, ...statements) {
  const commands = statements.flatMap((statement) => ["--command", statement]);
  execFileSync(
    join(programs() ?? "", "psql"),
    ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", ...commands],
    // By the environment: arguments are seen by every user of the machine.
    { env: { ...process.env, ...connectionVariables(url) }, stdio: ["ignore", "ignore", "pipe"] },
  );
}

function connectionVariables(url) {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: pathname.slice(1),
  };
}
