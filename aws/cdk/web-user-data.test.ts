import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { namesOf } from "./project";
import { webUserData } from "./web-user-data";

const options = {
  region: "eu-central-1",
  volumeId: "vol-0123456789abcdef0",
  parameter: namesOf().parameter,
};
const script = webUserData(options).render();
const withBatches = webUserData({ ...options, batchUrl: "s3://cases/batches" }).render();

const written = (path: string, by = script) =>
  new RegExp(`cat > ${path} <<'END_OF_FILE'\n(.*?)\nEND_OF_FILE`, "s").exec(by)?.[1] ?? "";

it.skipIf(process.platform === "win32")("is a script that bash can read, and writes one", () => {
  for (const text of [
    script,
    written("/usr/local/sbin/cytodesk-refresh"),
    written("/usr/local/sbin/cytodesk-refresh", withBatches),
  ]) {
    expect(text).not.toBe("");
    execFileSync("bash", ["-n"], { input: text });
  }
});

it("fits into what EC2 takes", () => {
  expect(withBatches.length).toBeLessThan(16_384);
});

it("runs the application as its own user behind a socket on port 80, with its database on the volume", () => {
  expect(written("/etc/systemd/system/cytodesk.service")).toMatch(
    /^User=cytodesk$.*^ExecStart=\/usr\/bin\/npm start$/ms,
  );
  expect(written("/etc/systemd/system/cytodesk-proxy.socket")).toContain("ListenStream=80");
  expect(written("/etc/systemd/system/cytodesk-proxy.service")).toContain(
    "systemd-socket-proxyd 127.0.0.1:3000",
  );
  expect(written("/etc/cytodesk.conf").split("\n")).toEqual([
    "AWS_REGION=eu-central-1",
    "DATABASE_URL=file:/var/lib/cytodesk/cytodesk.db",
    "BATCH_URL=file:/var/lib/cytodesk/batches",
  ]);
  expect(script).toContain("mount /var/lib/cytodesk");
});

it("reads at each refresh where the model is and which key it wants, so that neither needs a new instance", () => {
  const refresh = written("/usr/local/sbin/cytodesk-refresh");
  expect(refresh).toContain("url=$(parameter /cytodesk/model-url)");
  expect(refresh).toContain("key_id=$(parameter /cytodesk/api-key-id)");
  expect(refresh).toContain(
    'if [ "$key_id" != none ]; then\n  key=$(aws apigateway get-api-key --api-key $key_id',
  );
  expect(refresh).toContain('if [ -n "$key" ]; then echo "MODEL_API_KEY=$key"; fi');
});

it("has SageMaker answer batches where that was asked for, with the model that the parameter names", () => {
  expect(written("/etc/cytodesk.conf", withBatches).split("\n").slice(-3)).toEqual([
    "BATCH_URL=s3://cases/batches",
    "BATCH_CACHE=/var/lib/cytodesk/batches",
    "BATCH_ENGINE=sagemaker",
  ]);
  const refresh = written("/usr/local/sbin/cytodesk-refresh", withBatches);
  expect(refresh).toContain("model=$(parameter /cytodesk/model-name)");
  expect(refresh).toContain('echo "BATCH_MODEL_NAME=$model"');
});

it("never formats a volume that has been in use", () => {
  expect(script.match(/mkfs\S*/g)).toEqual(["mkfs.xfs"]);
  expect(script).toContain("blkid $device || mkfs.xfs $device");
});
