import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { webUserData } from "./web-user-data";

const options = {
  region: "eu-central-1",
  volumeId: "vol-0123456789abcdef0",
  modelUrl: "https://abc.execute-api.eu-central-1.amazonaws.com/prod/predict",
  hostParameter: "/cytodesk/web-host",
  releaseParameter: "/cytodesk/web-release",
  apiKeyId: "key1",
};
const batches = { url: "s3://cases/batches", modelNameParameter: "/cytodesk/model-name" };
const script = webUserData(options).render();
const withBatches = webUserData({ ...options, batches }).render();

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
    "MODEL_URL=https://abc.execute-api.eu-central-1.amazonaws.com/prod/predict",
    "DATABASE_URL=file:/var/lib/cytodesk/cytodesk.db",
    "BATCH_URL=file:/var/lib/cytodesk/batches",
  ]);
  expect(script).toContain("mount /var/lib/cytodesk");
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
