import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tablePath } from "../database/schema-for.mjs";
import { root } from "../setup.mjs";

/**
 * What is installed for serving as CycloneDX, the model among it: `npm run --silent sbom > sbom.json`. The packages are read
 * from package-lock.json, so that the same sources give the same list.
 */

const isWindows = process.platform === "win32";
const artifact = readFileSync(join(tablePath(), "..", "artifact.json"));
const { name, version } = JSON.parse(artifact);

// Fetched from npm when it is asked for: it has 140 packages, which nothing else needs.
const TOOL = "@cyclonedx/cyclonedx-npm@6.0.1";
const bom = JSON.parse(
  execFileSync(
    "npm",
    [
      ...["exec", "--yes", "--ignore-scripts", `--package=${TOOL}`, "--", "cyclonedx-npm"],
      ...["--package-lock-only", "--omit", "dev", "--output-reproducible", "--output-format", "JSON"],
      ...["--spec-version", "1.6", "package.json"],
    ],
    { cwd: root, maxBuffer: 100_000_000, stdio: ["ignore", "pipe", "inherit"], shell: isWindows },
  ),
);
const reference = `model:${name}@${version}`;
bom.components.push({
  "bom-ref": reference,
  type: "machine-learning-model",
  name,
  version,
  description: "Trained from the table's rows by `npm run train`, which writes the same bytes every time.",
  hashes: [{ alg: "SHA-256", content: createHash("sha256").update(artifact).digest("hex") }],
});
bom.dependencies?.find(({ ref }) => ref === bom.metadata.component["bom-ref"])?.dependsOn?.push(reference);
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
