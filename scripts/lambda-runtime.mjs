import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNode } from "./runtime.mjs";
import { root } from "./setup.mjs";

/**
 * AWS's own runtime client for Node, which only the local AWS path needs. It is compiled for some minutes, so it is no
 * package of the application's; where it cannot be compiled the path runs the Lambda under lambda-local.
 */

const folder = join(root, "aws", "local", "lambda-runtime");

/** Installs the client unless it is there; resolves to whether it is, never rejects. */
export async function installLambdaRuntime() {
  const compiled = join(folder, "node_modules", "aws-lambda-ric", "rapid-client.node");
  if (existsSync(compiled)) return true;
  const child = spawn("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "ignore"],
    shell: process.platform === "win32",
  });
  await new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  return existsSync(compiled);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureNode();
  console.error("Looking for AWS's Lambda runtime client; compiling it takes minutes, once …");
  if (!(await installLambdaRuntime())) {
    console.error(
      "It cannot be compiled here (it needs Linux, cmake, make and g++): lambda-local stands in.",
    );
  }
}
