import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { inProject } from "../aws/cdk/project";

/** Bundles the Lambda, of which the stacks are made, where that was not done yet. */
export function ensureLambdaBundle(): void {
  if (existsSync(inProject("dist/lambda/index.cjs"))) return;
  execFileSync("npm", ["run", "--silent", "bundle:lambda"], {
    cwd: inProject(""),
    shell: process.platform === "win32",
  });
}
