import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { create } from "tar";
import { rdsAuthorities } from "./rds-authorities.mjs";
import { isUpToDate, root } from "./setup.mjs";

/**
 * `npm run release -- [--arch arm64|x64] [--out FOLDER]`: the built application with the files of packages that it loads, for
 * a Linux with glibc on that processor, as `dist/release/release.tgz` beside the Dockerfile that unpacks it. There it needs
 * a Node, and neither npm nor a network: `node dist/database/migrate.mjs deploy`, then `node server/serve.mjs`.
 * Nothing is done where the one that is there is newer than what it is made of.
 */

const STAGED = join(realpathSync(tmpdir()), `release-${process.pid}`);

/** What is ours and read by its path. */
const READ = [
  ...[".next", "prisma/migrations", "prisma/schema.prisma", "public", "tables"],
  ...["LICENSE", "next.config.js", "package.json"],
];
/** What is ours and run; of it only what is reached. */
const RUN = ["dist", "scripts", "server"];

/** RDS's roots, which a Node does not know: for sslrootcert in DATABASE_URL. */
const AUTHORITIES = "rds-ca.pem";

/** Made beside the build, and for other machines than the web server. */
const NOT_SERVED =
  /^(?:\.next\/(?:cache|diagnostics|trace|trace-build|types)|dist\/(?:cloud|container|lambda|release))(?:\/|$)|^\.next\/.*\.(?:map|nft\.json)$/;

/** What packages have to be looked at, built with and developed with. */
const IGNORED = [
  ...["**/*.map", "**/*.d.ts"],
  "**/next/dist/compiled/next-server/**/*.dev.js",
  "**/next/dist/compiled/{babel,babel-packages,next-devtools}/**",
];

/** Loaded by names that are put together, where nothing that follows imports finds them. */
const LOADED_BY_NAME = ["@prisma/schema-engine-wasm", "next/dist/compiled/webpack"].map(
  (name) => `node_modules/${name}`,
);

/** Puts our files and all packages for serving, those of the other processor, into a folder of their own. */
function stage(arch) {
  mkdirSync(STAGED);
  for (const name of [...READ, ...RUN, "package-lock.json"]) {
    cpSync(join(root, name), join(STAGED, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (from) => !NOT_SERVED.test(from.slice(root.length)),
    });
  }
  writeFileSync(join(STAGED, AUTHORITIES), rdsAuthorities());
  const flags = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["ci", ...flags, "--os=linux", "--libc=glibc", `--cpu=${arch}`], {
    cwd: STAGED,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}

/** Paths of the files and links at or below one, from the staged folder; what a link leads to is not below it. */
function filesBelow(path) {
  const whole = join(STAGED, path);
  if (!lstatSync(whole).isDirectory()) return [path];
  return readdirSync(whole).flatMap((name) => filesBelow(`${path}/${name}`));
}

/** The files that the application reads, runs and loads, by the tracing with which Next makes its standalone output. */
async function findFiles(arch) {
  const require = createRequire(import.meta.url);
  const { nodeFileTrace } = require("next/dist/compiled/@vercel/nft");
  // It takes the branches of a package that this process would take.
  Object.defineProperties(process, { arch: { value: arch }, platform: { value: "linux" } });
  const programs = ["dist", "server", ".next/server", "next.config.js"]
    .flatMap(filesBelow)
    .filter((path) => /\.[cm]?js$/.test(path));
  const { fileList } = await nodeFileTrace(
    programs.map((path) => join(STAGED, path)),
    { base: STAGED, processCwd: STAGED, ignore: IGNORED },
  );
  const otherBinaries = new RegExp(`/prebuilds/(?!linux-${arch}\\.node)`);
  return [...new Set([...[...READ, ...LOADED_BY_NAME, AUTHORITIES].flatMap(filesBelow), ...fileList])]
    .filter((path) => !otherBinaries.test(path) && !/\.test\.[cm]?[jt]sx?$/.test(path))
    .sort();
}

const { arch, out } = parseArgs({
  options: {
    arch: { type: "string", default: "arm64" },
    out: { type: "string", default: join(root, "dist", "release") },
  },
}).values;
if (!["arm64", "x64"].includes(arch)) {
  console.error("--arch takes arm64 or x64.");
  process.exit(1);
}
const file = join(out, "release.tgz");
const madeFor = join(out, "architecture");
const sources = [
  ...READ,
  ...["dist/api.mjs", "dist/database", "server", "scripts", "package-lock.json", "aws/web"],
];
const isMade =
  existsSync(madeFor) &&
  readFileSync(madeFor, "utf8") === arch &&
  isUpToDate(
    file,
    sources.map((path) => join(root, path)),
  );
if (isMade) process.exit();
console.error(`Packing a release for Linux on ${arch} (about a minute) …`);
mkdirSync(out, { recursive: true });
rmSync(madeFor, { force: true });
let files = [];
try {
  stage(arch);
  files = await findFiles(arch);
  // Alike for alike contents, so that what has not changed is not deployed again.
  await create({ cwd: STAGED, file, gzip: true, portable: true, mtime: new Date(0), prefix: "app" }, files);
} finally {
  rmSync(STAGED, { recursive: true });
}
copyFileSync(join(root, "aws", "web", "Dockerfile"), join(out, "Dockerfile"));
writeFileSync(madeFor, arch);
console.log(`${file}\n${files.length} files, ${(statSync(file).size / 1e6).toFixed(1)} MB`);
