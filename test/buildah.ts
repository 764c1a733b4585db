import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Debian's buildah, which builds and runs images without Docker and without rights of its own. */

const isThere = spawnSync("buildah", ["--version"]).status === 0;

/** Whether tests of images are skipped: where there is no buildah, but for CI, which has to have it. */
export const hasNoBuildah = !isThere && !(process.env.CI !== undefined && process.platform === "linux");

/** The format is what npm run aws:deploy asks for. */
export const BUILDAH_OPTIONS = {
  encoding: "utf8",
  env: { ...process.env, BUILDAH_FORMAT: "docker", BUILDAH_ISOLATION: "chroot" },
} as const;

/** buildah with its images and containers below a folder; `store` goes before a command that is run otherwise. */
export function buildahIn(folder: string) {
  const store = [
    ...["--root", join(folder, "store"), "--runroot", join(folder, "run")],
    ...["--storage-driver", "vfs"],
  ];
  const buildah = (...args: string[]) => execFileSync("buildah", [...store, ...args], BUILDAH_OPTIONS).trim();

  /** Builds "localhost/base": nothing but this machine's Node, the libraries that it is linked with, and an empty /tmp. */
  const buildStandIn = () => {
    const base = join(folder, "base");
    const node = realpathSync(process.execPath);
    const linked = spawnSync("ldd", [node], { encoding: "utf8" }).stdout.match(/\/\S+(?= \()/g) ?? [];
    for (const [from, to] of [[node, "/nodejs/bin/node"], ...linked.map((file) => [file, file])]) {
      mkdirSync(join(base, dirname(to as string)), { recursive: true });
      copyFileSync(from as string, join(base, to as string));
    }
    mkdirSync(join(base, "tmp"));
    chmodSync(join(base, "tmp"), 0o1777);
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY . /\n");
    buildah("build", "--tag", "base", "--file", join(folder, "Dockerfile"), base);
  };
  return { store, buildah, buildStandIn };
}
