import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { create } from "tar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isBrief } from "@/test/brief";
import { freePort } from "@/test/free-port";
import { inProject } from "../cdk/project";

/**
 * The script of an instance of web=ec2, run here as it is. Programs that only root may run or that only Amazon's Linux has
 * are stood in for, and so is the command line of AWS, by folders. The database and its migrations, backups and restoring
 * are the application's own; a few lines serve in its place.
 */

const folder = mkdtempSync(join(tmpdir(), "aws-refresh-"));
const [bin, account, stood] = ["bin", "account", "stood"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
const parameters = join(account, "parameters");
const bucket = join(account, "s3", "assets");
const data = join(stood, "var/lib/cytodesk");
const databaseFile = join(data, "cytodesk.db");
const NEWEST = readdirSync(inProject("prisma/migrations/sqlite"))
  .filter((name) => /^\d/.test(name))
  .sort()
  .at(-1) as string;

const PROGRAMS: Record<string, string> = {
  // runuser -u cytodesk -- COMMAND
  runuser: 'shift 3; exec "$@"',
  ...Object.fromEntries(
    ["chown", "dnf", "useradd", "logrotate", "mountpoint", "blkid"].map((name) => [name, "exit 0"]),
  ),
  id: "echo 1",
  aws: `place() { case "$1" in s3://*) echo "${account}/s3/\${1#s3://}";; *) echo "$1";; esac; }
case "$1 $2" in
  "ssm get-parameters") cd ${parameters}; for one in "\${@:8}"; do f=$(echo "$one" | tr / _); [ ! -e $f ] || printf '%s\\t%s\\n' "$one" "$(cat $f)"; done;;
  "ssm put-parameter") shift 2; while [ $# -gt 0 ]; do case $1 in --name) n=$2;; --value) v=$2;; esac; shift; done; echo "$v" > "${parameters}/$(echo "$n" | tr / _)";;
  "secretsmanager get-secret-value") cat ${account}/secret;;
  "apigateway get-api-key") echo "key-of-$4";;
  "cloudwatch put-metric-data") echo "$*" >> ${account}/metrics;;
  "s3 cp") shift 3; r=; [ "$1" != --recursive ] || { r=-r; shift; }; to=$(place "$2"); mkdir -p "$(dirname "$to")"
    if [ -n "$r" ]; then mkdir -p "$to"; cp -r "$(place "$1")"/. "$to"; else cp "$(place "$1")" "$to"; fi;;
  *) echo "aws $*" >&2; exit 2;;
esac`,
  systemctl: `echo "$*" >> ${account}/systemctl
pid=${account}/pid
stop() { [ ! -e $pid ] || { kill $(cat $pid) 2>/dev/null; while kill -0 $(cat $pid) 2>/dev/null; do sleep 0.02; done; rm $pid; }; }
start() { cd ${stood}/opt/cytodesk/current; env -i PATH="$PATH" $(grep . ${stood}/run/cytodesk/environment) node server/serve.mjs >/dev/null 2>&1 & echo $! > $pid; }
case "$*" in
  "is-active -q cytodesk.service") [ -e $pid ] && kill -0 $(cat $pid) 2>/dev/null;;
  "start cytodesk.service") start;;
  "stop cytodesk.service") stop;;
  "restart cytodesk.service") stop; start;;
esac`,
};

/** A release of this application, but for what serves: it is ready or never. */
async function pack(name: string, { ready = true, isOlder = false } = {}): Promise<string> {
  const staged = join(folder, name);
  mkdirSync(join(staged, "app/server"), { recursive: true });
  for (const part of ["dist/database", "prisma", "tables"])
    cpSync(inProject(part), join(staged, "app", part), {
      recursive: true,
      filter: (from) => !isOlder || !from.includes(NEWEST),
    });
  symlinkSync(inProject("node_modules"), join(staged, "app/node_modules"));
  writeFileSync(
    join(staged, "app/server/serve.mjs"),
    `import { createServer } from "node:http";
    createServer((_, response) => response.writeHead(${ready ? 200 : 503}).end("${name}")).listen(process.env.PORT);`,
  );
  mkdirSync(bucket, { recursive: true });
  await create({ gzip: true, file: join(bucket, `${name}.tgz`), cwd: staged }, ["app"]);
  return `s3://assets/${name}.tgz`;
}

const told = (name: string, value: string) =>
  writeFileSync(join(parameters, `/cytodesk/${name}`.replaceAll("/", "_")), value);
const running = () => readFileSync(join(parameters, "_cytodesk_web-running"), "utf8").trim();
let port = 0;

/** Runs the script, with the given release as the newest one. */
function refresh(release?: string) {
  if (release !== undefined) told("web-release", release);
  rmSync(join(account, "systemctl"), { force: true });
  const done = run("bash", inProject("aws/web/refresh.sh"));
  const asked = existsSync(join(account, "systemctl"))
    ? readFileSync(join(account, "systemctl"), "utf8").split("\n")
    : [];
  return { ...done, asked };
}

function run(...[program, ...args]: [string, ...string[]]) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, STAND_IN: stood, READY_PAUSE: "0.02" },
  });
  return { status, stdout, stderr };
}

const served = async () =>
  (await fetch(`http://127.0.0.1:${port}/api/health/ready`, { headers: { connection: "close" } })).text();

function migrations(): string[] {
  const database = new Database(databaseFile, { readonly: true });
  try {
    return database.prepare<[], string>("SELECT migration_name FROM _prisma_migrations").pluck().all();
  } finally {
    database.close();
  }
}

const change = (sql: string) => {
  const database = new Database(databaseFile);
  database.exec(sql);
  database.close();
};
const kept = () => {
  const database = new Database(databaseFile, { readonly: true });
  const found = database.prepare<[], string>("SELECT value FROM setting ORDER BY value").pluck().all();
  database.close();
  return found;
};

describe.skipIf(isBrief || process.platform !== "linux")("the script of web=ec2", () => {
  let first = "";
  beforeAll(async () => {
    for (const made of [
      bin,
      parameters,
      join(stood, "etc"),
      data,
      join(stood, "opt/aws/amazon-cloudwatch-agent/bin"),
    ])
      mkdirSync(made, { recursive: true });
    for (const [name, script] of Object.entries(PROGRAMS))
      writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    cpSync(join(bin, "dnf"), join(stood, "opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl"));
    port = await freePort();
    writeFileSync(
      join(stood, "etc/cytodesk.conf"),
      `AWS_REGION=eu-central-1\nPARAMETERS=/cytodesk/\nVOLUME=vol-0123\nPORT=${port}\n`,
    );
    told(
      "web-settings",
      "HOST=d1.cloudfront.net SECRET=arn:s BATCHES=none BACKUPS=s3://data/backups LOG_GROUP=/l/web METRICS=N SERVICE=s",
    );
    told("model-url", "https://a1.execute-api.eu-central-1.amazonaws.com/prod/predict");
    told("api-key-id", "none");
    writeFileSync(join(account, "secret"), "s".repeat(64));
    first = await pack("first", { isOlder: true });
  });
  afterAll(() => {
    run("systemctl", "stop", "cytodesk.service");
    rmSync(folder, { recursive: true });
  });

  it("brings a new instance to where it serves, and says which release", async () => {
    expect(refresh(first)).toMatchObject({ status: 0 });
    expect(await served()).toBe("first");
    expect(running()).toBe(first);
    expect(migrations()).not.toContain(NEWEST);
    const environment = readFileSync(join(stood, "run/cytodesk/environment"), "utf8");
    for (const line of [
      "PUBLIC_URL=https://d1.cloudfront.net",
      `SIGN_IN_SECRET=${"s".repeat(64)}`,
      `BATCH_URL=file:${data}/batches`,
    ])
      expect(environment).toContain(`${line}\n`);
    expect(environment).not.toContain("MODEL_API_KEY");
    expect(readFileSync(join(account, "metrics"), "utf8")).toContain("MetricName=WebReady,Value=1");
  });

  it("restarts nothing where nothing has changed", () => {
    expect(refresh().asked.filter((line) => /^(?:re)?start|^stop|reload/.test(line))).toEqual([]);
  });

  it("tells the application of another key", async () => {
    told("api-key-id", "abc");
    expect(refresh().asked).toContain("restart cytodesk.service");
    expect(readFileSync(join(stood, "run/cytodesk/environment"), "utf8")).toContain(
      "MODEL_API_KEY=key-of-abc\n",
    );
    expect(await served()).toBe("first");
  });

  it("goes back from a release that does not become ready, on the database of before its migrations", async () => {
    change("INSERT INTO setting (name, value) VALUES ('test', 'before')");
    const bad = await pack("bad", { ready: false });
    const { status, stderr } = refresh(bad);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain("bad is refused: it did not become ready within a minute");
    expect(await served()).toBe("first");
    expect(running()).toBe(`refused ${bad}: it did not become ready within a minute`);
    expect(migrations()).not.toContain(NEWEST);
    expect(kept()).toContain("before");
    // And leaves it at that.
    expect(refresh().asked).not.toContain("stop cytodesk.service");
  });

  it("takes the next release, migrations and all, and keeps the one before", async () => {
    const next = await pack("next");
    const { status, stderr } = refresh(next);
    expect(status, stderr).toBe(0);
    expect(await served()).toBe("next");
    expect(running()).toBe(next);
    expect(migrations()).toContain(NEWEST);
    expect(kept()).toContain("before");
    expect(readdirSync(join(stood, "opt/cytodesk/releases")).sort()).toEqual(["first", "next"]);
  });

  it("stays where a release cannot be fetched, and where one cannot be run", async () => {
    expect(refresh("s3://assets/gone.tgz").status).not.toBe(0);
    expect(await served()).toBe("next");
    writeFileSync(join(bucket, "torn.tgz"), "not an archive");
    expect(refresh("s3://assets/torn.tgz").status).not.toBe(0);
    expect(await served()).toBe("next");
    refresh("s3://assets/next.tgz");
  });

  it("copies the database to the bucket, and puts such a copy back", async () => {
    const sbin = join(stood, "usr/local/sbin");
    const { stdout, stderr } = run(join(sbin, "cytodesk-backup"));
    const [, place = ""] = /It is in s3:\/\/(data\/backups\/\w+\/)/.exec(stdout) ?? [];
    expect(readdirSync(join(account, "s3", place)), stderr).toContain("cytodesk.db");
    change("INSERT INTO setting (name, value) VALUES ('later', 'after')");
    const restored = run(join(sbin, "cytodesk-restore"), `s3://${place}`);
    expect(restored.status, restored.stderr).toBe(0);
    expect(kept()).toContain("before");
    expect(kept()).not.toContain("after");
    execFileSync("bash", ["-c", `until curl -fs http://127.0.0.1:${port}; do sleep 0.02; done`]);
    expect(readdirSync(data).filter((name) => /^(?:backup|restore)\./.test(name))).toEqual([]);
  });

  it("waits for its volume", () => {
    writeFileSync(join(bin, "mountpoint"), "#!/bin/bash\nexit 1\n", { mode: 0o755 });
    expect(refresh()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("vol-0123 is not attached yet"),
    });
  });
});
