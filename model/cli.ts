import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { canonicalJson, parseArtifact } from "./artifact";
import { parseDataset } from "./dataset";
import { goldenVectors } from "./golden";
import { createPredictor } from "./predict";
import { train } from "./train";

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function write(name: string, content: unknown): void {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  writeFileSync(new URL(name, import.meta.url), text);
  console.log(`model/${name}: ${text.length} bytes`);
}

const bytes = readFileSync(new URL("data/wdbc.csv", import.meta.url));
const dataset = parseDataset(bytes.toString("utf8"));
const unsigned = train(dataset, { trainingData: sha256(bytes) });
const artifact = parseArtifact({ ...unsigned, hash: sha256(canonicalJson(unsigned)) });
write("artifact.json", artifact);
write("golden.json", goldenVectors(dataset, createPredictor(artifact)));
console.log(`${artifact.name} ${artifact.version} ${artifact.hash}`);
