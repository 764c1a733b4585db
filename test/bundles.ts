import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { inProject } from "../aws/cdk/project";

function bundle(name: "lambda" | "container", file: string): void {
  execFileSync("npm", ["run", "--silent", `bundle:${name}`, "--", `--outfile=${file}`], {
    cwd: inProject(""),
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}

/** Bundles Lambda and container, of which the stacks are made, where that was not done yet. */
export function ensureBundles(): void {
  for (const name of ["lambda", "container"] as const) {
    const file = inProject(`dist/${name}/index.cjs`);
    if (existsSync(file) && (name === "lambda" || existsSync(join(dirname(file), "Dockerfile")))) continue;
    // Whole when it is seen, since several tests may do so at once.
    const own = inProject(`dist/${name}.${process.pid}.cjs`);
    bundle(name, own);
    mkdirSync(dirname(file), { recursive: true });
    renameSync(own, file);
  }
}

/** Bundles the sources as they are into a folder of the test's own, since other tests run what is in dist/; its path. */
export function bundleInto(folder: string, name: "lambda" | "container"): string {
  const file = join(folder, `${name}.cjs`);
  bundle(name, file);
  return file;
}
