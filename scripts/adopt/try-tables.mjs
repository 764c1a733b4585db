import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../setup.mjs";

/**
 * Adopts tables in copies of this project, each as its owner would, and tries what came of it: `npm run check`, every path
 * to the model, and a walk in the browser. Minutes a table, so that it is asked for: `npm test -- --only adopt`.
 */

const TABLES = [
  { name: "penguins", label: "sex", positive: "male" },
  { name: "votes", label: "party", positive: "republican" },
  { name: "credit", label: "status", positive: "bad" },
  { name: "sonar", label: "object", positive: "mine" },
  { name: "synthetic", label: "event", positive: "yes" },
];

/** @returns {Promise<{ passed: number, failed: number, broken: string[] }>} */
export async function tryTables() {
  const counted = { passed: 0, failed: 0, broken: [] };
  for (const { name, label, positive } of TABLES) {
    console.error(`\n── ${name}, adopted in a copy`);
    const copy = copyProject();
    try {
      const file = join(copy, "..", `${name}.csv`);
      if (name === "synthetic") writeFileSync(file, syntheticTable(12_000));
      else cpSync(join(root, "test/tables", `${name}.csv`), file);
      const started = Date.now();
      const node = (...args) => tell(copy, process.execPath, args);
      const adopted = await node(
        ...["--import", "tsx", "scripts/adopt/adopt.ts", file],
        ...["--label", label, "--positive", positive, "--yes"],
      );
      console.error(`${name}: adopted and checked in ${Math.round((Date.now() - started) / 1000)} s`);
      const tried = [adopted];
      for (const only of ["integration", "e2e"]) tried.push(await node("scripts/test.mjs", "--only", only));
      for (const { code, passed, failed } of tried) {
        counted.passed += passed;
        counted.failed += failed;
        if (code !== 0) counted.broken.push(`${name}, adopted`);
      }
    } finally {
      rmSync(dirname(copy), { recursive: true, force: true });
    }
  }
  return counted;
}

/** This project as git has it and as it stands here, in a new folder, with its packages. */
function copyProject() {
  const copy = join(mkdtempSync(join(tmpdir(), "adopted-")), "application");
  execFileSync("git", ["clone", "--quiet", root, copy], { stdio: "inherit" });
  const git = (...args) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\n").filter(Boolean);
  for (const path of git("ls-files", "--modified", "--others", "--exclude-standard")) {
    if (existsSync(join(root, path))) cpSync(join(root, path), join(copy, path));
    else rmSync(join(copy, path), { force: true });
  }
  execFileSync("cp", ["-a", join(root, "node_modules"), copy]);
  return copy;
}

/** Runs a program, shows what it says, and reads the counts of its tests off the line that ends them. */
async function tell(cwd, command, args) {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const counts = { passed: 0, failed: 0 };
  createInterface(child.stdout).on("line", (line) => {
    console.error(line);
    const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(line) ?? [];
    if (passed !== undefined) Object.assign(counts, { passed: Number(passed), failed: Number(failed) });
  });
  const [code] = await once(child, "close");
  return { code, ...counts };
}

/** Rows of every type of column, with gaps, whose event follows a formula that no model has exactly. */
function syntheticTable(rows) {
  let state = 20_261_125;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const pick = (from) => from[Math.floor(random() * from.length)];
  const gap = (share, text) => (random() < share ? "" : text);
  const sites = { north: 0, south: 0.4, east: -0.5, west: 0.8, central: -1 };
  const kinds = { a: 0, b: 0.6, c: -0.9 };
  const lines = Array.from({ length: rows }, () => {
    const age = 18 + Math.floor(73 * random());
    const dose = Math.exp(1 + 0.8 * normal());
    const temperature = 37.2 + 0.7 * normal();
    const excess = 3 * normal();
    const visits = Math.floor(-3 * Math.log(1 - random()));
    const [site, kind] = [pick(Object.keys(sites)), pick(Object.keys(kinds))];
    const [treated, smoker] = [random() < 0.4, random() < 0.25];
    const logit =
      -2.2 +
      0.03 * (age - 50) +
      0.9 * Math.log(dose) -
      (treated && dose > 3 ? 1.2 : 0) +
      (temperature > 38.3 && visits >= 4 ? 1.5 : 0) -
      0.06 * excess ** 2 +
      (smoker ? 0.35 * excess : 0) +
      sites[site] +
      kinds[kind];
    const event = random() < 1 / (1 + Math.exp(-logit));
    return [
      ...[age, gap(0.04, dose.toFixed(2)), gap(0.08, temperature.toFixed(1)), excess.toFixed(2), visits],
      ...[site, gap(0.03, kind)],
      ...[treated, smoker, event].map((is) => (is ? "yes" : "no")),
    ].join(",");
  });
  return `age,dose_mg,temperature,base_excess,visits,site,kind,treated,smoker,event\n${lines.join("\n")}\n`;
}
