import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startAwsAccount } from "@/test/aws-account";
import { createSqlite } from "@/test/throwaway";
import { inProject, namesOf } from "../cdk/project";
import { backUp, backupScript } from "./backup";

/** The web server's own script, run by sh on a database of this machine; only what is root's or AWS's is stood in for. */
const folder = mkdtempSync(join(tmpdir(), "aws-backup-"));
const [bin, data, bucket, environment] = ["bin", "data", "bucket", "environment"].map((name) =>
  join(folder, name),
) as [string, string, string, string];
const database = createSqlite();
const account = () => ({ id: aws.id, region: aws.region, caller: "me", names: namesOf() });
let aws: Awaited<ReturnType<typeof startAwsAccount>>;

beforeAll(async () => {
  aws = await startAwsAccount();
  for (const [name, value] of Object.entries(aws.environment())) vi.stubEnv(name, value);
  for (const made of [bin, data, bucket]) mkdirSync(made);
  writeFileSync(environment, `DATABASE_URL=${database.url}\n`);
  for (const [name, script] of Object.entries({
    // runuser -u cytodesk -- COMMAND
    runuser: 'shift 3\nexec "$@"',
    chown: "true",
    // aws s3 cp --only-show-errors --recursive FOLDER s3://bucket/KEY
    aws: `mkdir -p "${bucket}/\${6#s3://bucket/}" && cp -r "$5"/. "${bucket}/\${6#s3://bucket/}"`,
  }))
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
  database.remove();
  rmSync(folder, { recursive: true });
});

async function run() {
  const lines: string[] = [];
  const result = await backUp({
    account: account(),
    say: (line) => void lines.push(line),
    now: new Date("2026-11-27T05:00:00Z"),
    pollMs: 1,
  });
  return { result, out: lines.join("\n") };
}

it("wants a web server", async () => {
  expect((await run()).result).toEqual({ ok: false, error: expect.stringContaining("no web server") });
});

it.skipIf(process.platform === "win32")(
  "has the web server copy its database to the bucket, and leave none on its disk",
  async () => {
    aws.addStack("CytodeskApi", { BucketName: "bucket" });
    aws.addStack("CytodeskWeb", { InstanceId: "i-1" });
    const sent: string[][] = [];
    aws.runCommand = (commands) => {
      sent.push(commands);
      const script = backupScript("s3://bucket/backups/20261127T050000Z/", {
        app: inProject(""),
        data,
        environment,
      });
      const { status, stdout, stderr } = spawnSync("sh", ["-c", script.join("\n")], {
        encoding: "utf8",
        env: { NODE_ENV: "test", HOME: folder, PATH: `${bin}:${process.env.PATH}` },
      });
      return { status: status === 0 ? "Success" : "Failed", stdout, stderr };
    };
    const { result, out } = await run();
    expect(result, out).toEqual({ ok: true, value: undefined });
    expect(sent).toEqual([backupScript("s3://bucket/backups/20261127T050000Z/")]);
    expect(out).toMatch(
      /i-1 copies its database to s3:\/\/bucket\/backups\/20261127T050000Z\/[\s\S]*integrity ok[\s\S]*It is in s3:/,
    );
    const copy = new Database(join(bucket, "backups/20261127T050000Z/cytodesk.db"), { readonly: true });
    expect(copy.pragma("integrity_check", { simple: true })).toBe("ok");
    copy.close();
    expect(readdirSync(data)).toEqual([]);

    writeFileSync(environment, "DATABASE_URL=file:/nowhere/cytodesk.db\n");
    const failed = await run();
    expect(failed.result).toEqual({ ok: false, error: expect.stringContaining("ended as Failed: ") });
    expect(readdirSync(data)).toEqual([]);
  },
);
