import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Artifact } from "../../model/artifact";
import { type Dataset, parseDataset, selectRows } from "../../model/dataset";
import { sigmoid } from "../../model/elementary";
import { measure } from "../../model/evaluate";
import { type GoldenCase, goldenVectors } from "../../model/golden";
import { createPredictor, isAloneInSet, isInSet } from "../../model/predict";
import { splitRows } from "../../model/split";
import { type ClassCode, table, words } from "../../tables/current";
import { inProject } from "../cdk/project";

const { positive, negative } = table.classes;
const nameOf = (label: ClassCode) => words.classes[label].word;

type Scores = {
  sensitivity: number;
  specificity: number;
  rocAuc: number;
  brier: number;
  positiveCoverage: number;
  negativeCoverage: number;
  uncertain: number;
};

/** A model's figures on the test split, and its answers for the golden cases. */
type Scored = { scores: Scores; level: number; golden: GoldenCase[] };

/** How the test split's cases are shared out, by which one case weighs in a share. */
type Counts = { positive: number; negative: number; all: number };

/**
 * By how much a new model may be worse than the served one, or its coverage below the level that it states itself. Where
 * one case of the test split is more than a share's margin, one case is the margin.
 */
const FIGURES: readonly {
  key: keyof Scores;
  name: string;
  margin: number;
  /** Higher is worse. */
  isLoss?: true;
  /** What it is a share of. */
  of?: keyof Counts;
  /** Held against the model's own level, not against the served model. */
  isCoverage?: true;
}[] = [
  { key: "sensitivity", name: "sensitivity", margin: 0.05, of: "positive" },
  { key: "specificity", name: "specificity", margin: 0.05, of: "negative" },
  { key: "rocAuc", name: "ROC AUC", margin: 0.02 },
  { key: "brier", name: "Brier score", margin: 0.02, isLoss: true },
  { key: "uncertain", name: "share of uncertain", margin: 0.1, isLoss: true, of: "all" },
  {
    key: "positiveCoverage",
    name: `coverage, ${nameOf(positive)}`,
    margin: 0.05,
    of: "positive",
    isCoverage: true,
  },
  {
    key: "negativeCoverage",
    name: `coverage, ${nameOf(negative)}`,
    margin: 0.05,
    of: "negative",
    isCoverage: true,
  },
];

const digits = (x: number) => (Number.isFinite(x) ? x.toFixed(4) : "-");

/**
 * Scores two models on this table's test split and golden cases. `lines` is a table of both; `refusals` says why the new one
 * should not be served, and is empty where nothing speaks against it; `figures` are the new one's.
 */
export function compare(
  served: Artifact,
  trained: Artifact,
): { lines: string[]; refusals: string[]; figures: Record<string, string> } {
  const bytes = readFileSync(inProject(table.dataFile));
  const dataset = parseDataset(bytes.toString("utf8"));
  const hash = createHash("sha256").update(bytes).digest("hex");
  const rows = splitRows(dataset.features.length).test;
  const truths = selectRows(dataset, rows).positive;
  const positives = truths.filter((truth) => truth === 1).length;
  const counts = { positive: positives, negative: truths.length - positives, all: truths.length };
  const old = score(served, dataset, hash, rows);
  const fresh = score(trained, dataset, hash, rows);

  const lines = [row(`test split, ${counts.all} cases`, "served", "new", "margin")];
  const refusals: string[] = [];
  for (const { key, name, margin, isLoss, of, isCoverage } of FIGURES) {
    const allowed = of === undefined ? margin : Math.max(margin, 1 / counts[of]);
    const wanted = isCoverage ? fresh.level : old.scores[key];
    const worse = isLoss ? fresh.scores[key] - wanted : wanted - fresh.scores[key];
    lines.push(row(name, digits(old.scores[key]), digits(fresh.scores[key]), digits(allowed)));
    // The other way round, a figure that is not defined would pass.
    if (worse <= allowed + 1e-9) continue;
    const against = isCoverage ? "its own level" : "the served model's";
    refusals.push(
      Number.isFinite(worse)
        ? `${name} ${digits(fresh.scores[key])} is worse than ${against} ${digits(wanted)} by ${digits(worse)}, and ${digits(allowed)} is allowed`
        : `${name} is not defined on the test split`,
    );
  }
  lines.push(row(`golden cases, ${old.golden.length}`, "served", "new", "truth"));
  for (const [at, one] of old.golden.entries()) {
    const answer = fresh.golden[at] as GoldenCase;
    lines.push(row(one.name, told(one), told(answer), nameOf(one.truth)));
    // Either answer may come where the served model is wrong or in doubt.
    if (one.label !== one.truth || answer.diagnosis === one.truth) continue;
    refusals.push(
      `golden case ${one.name} is ${nameOf(answer.diagnosis)}, and not ${nameOf(one.truth)} as served`,
    );
  }
  const figures = Object.fromEntries(Object.entries(fresh.scores).map(([key, x]) => [key, digits(x)]));
  return { lines, refusals, figures };
}

/**
 * A model of the whole table has seen the test split: its figures are those of its answers without the case, which its
 * artifact keeps. Any other is asked.
 */
function score(artifact: Artifact, dataset: Dataset, hash: string, rows: readonly number[]): Scored {
  const { threshold, conformal, heldOut, trainingData } = artifact;
  const predictor = createPredictor(artifact);
  const hasSeen = trainingData === hash && heldOut.logits.length === dataset.features.length;
  const logits = rows.map((at) =>
    hasSeen
      ? (heldOut.logits[at] as number)
      : predictor.predict(dataset.features[at] as readonly number[]).logit,
  );
  const truths = selectRows(dataset, rows).positive;
  const { sensitivity, specificity, rocAuc, brier } = measure(logits.map(sigmoid), truths, threshold);
  const coverage = (truth: 0 | 1) => {
    const members = logits.filter((_, i) => truths[i] === truth);
    return members.filter((logit) => isInSet(logit, truth, conformal)).length / members.length;
  };
  const isUncertain = (logit: number) => !isAloneInSet(logit, sigmoid(logit) >= threshold ? 1 : 0, conformal);
  return {
    scores: {
      sensitivity,
      specificity,
      rocAuc,
      brier,
      positiveCoverage: coverage(1),
      negativeCoverage: coverage(0),
      uncertain: logits.filter(isUncertain).length / logits.length,
    },
    level: conformal.level,
    golden: goldenVectors(dataset, predictor).cases,
  };
}

const told = ({ diagnosis, label, probability }: GoldenCase) =>
  `${nameOf(diagnosis)}${label === "uncertain" ? "?" : ""} ${probability.toFixed(3)}`;

function row(first: string, ...cells: string[]): string {
  return `  ${first.padEnd(28)}${cells.map((cell) => cell.padStart(20)).join("")}`;
}
