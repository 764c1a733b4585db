import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startAwsAccount } from "@/test/aws-account";
import { namesOf } from "../cdk/project";
import { backUp } from "./backup";

/** What the server does then is tried in aws/web/refresh.integration.test.ts. */
const account = () => ({ id: aws.id, region: aws.region, caller: "me", names: namesOf() });
let aws: Awaited<ReturnType<typeof startAwsAccount>>;

beforeAll(async () => {
  aws = await startAwsAccount();
  for (const [name, value] of Object.entries(aws.environment())) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.close();
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

it("has the web server copy its database to the bucket, and says what it said", async () => {
  aws.addStack("CytodeskApi", { BucketName: "bucket" });
  aws.addStack("CytodeskWeb", { InstanceId: "i-1" });
  const sent: string[][] = [];
  aws.runCommand = (commands) => {
    sent.push(commands);
    return { status: "Success", stdout: "integrity ok\nIt is in s3://bucket/…\n", stderr: "" };
  };
  const { result, out } = await run();
  expect(result, out).toEqual({ ok: true, value: undefined });
  const target = "s3://bucket/backups/20261127T050000Z/";
  expect(sent).toEqual([[`/usr/local/sbin/cytodesk-backup ${target}`]]);
  expect(out).toBe(`i-1 copies its database to ${target}\nintegrity ok\nIt is in s3://bucket/…`);

  aws.runCommand = () => ({ status: "Failed", stdout: "", stderr: "There is no database.\n" });
  expect((await run()).result).toEqual({
    ok: false,
    error: "The backup ended as Failed: There is no database.",
  });
});
