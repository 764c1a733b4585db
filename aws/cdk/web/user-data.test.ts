import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { namesOf } from "../project";
import { webUserData } from "./user-data";

const script = webUserData({
  region: "eu-central-1",
  volumeId: "vol-0123456789abcdef0",
  parameters: namesOf("dev").parameter(""),
}).render();

const written = (path: string) =>
  new RegExp(`cat > ${path} <<'END_OF_FILE'\n(.*?)\nEND_OF_FILE`, "s").exec(script)?.[1] ?? "";

it.skipIf(process.platform === "win32")("is a script that bash can read, and writes one", () => {
  for (const text of [script, written("/usr/local/sbin/cytodesk-refresh")]) {
    expect(text).not.toBe("");
    execFileSync("bash", ["-n"], { input: text });
  }
});

it("says where to look, and nothing that a deployment may change", () => {
  expect(written("/etc/cytodesk.conf").split("\n")).toEqual([
    "AWS_REGION=eu-central-1",
    "PARAMETERS=/cytodesk/dev/",
    "VOLUME=vol-0123456789abcdef0",
  ]);
  // What it runs is fetched by this name.
  expect(script.match(/"\$PARAMETERS"[\w-]+/g)).toEqual(['"$PARAMETERS"web-script']);
  expect(script).not.toMatch(/dnf|npm|s3:\/\/|arn:/);
});
