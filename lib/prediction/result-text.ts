import { FEATURES, notice, table, words } from "../../tables/current";
import { isLeftToPerson, type SavedPrediction, type TrainingRow } from "../contract";
import { cautionsOf, describeCautions } from "./cautions";
import { type Outcome, outcomeText } from "./outcome";
import { rankMeasurements, rankReasons, WHY_OPPOSED } from "./reasons";
import { describeTrainingRow, IN_TRAINING } from "./training-row";
import { describeUnusual } from "./unusual";
import { valueText } from "./value";
import { answerOf, POSITIVE } from "./words";

const NOTICE = notice === null ? [] : [`${notice[0]} ${notice[1]}${notice[2]}`];
const TOP_MEASUREMENTS = 10;
const termText = ({ term, label }: { term: number; label: string }) =>
  `${(term < 0 ? "" : "+") + term.toFixed(3)}  ${label}`;

/**
 * A saved prediction as plain text, for a terminal, a screen reader or a mail; numbers as they are stored. Without the
 * note, which was not written for whoever the mail goes to.
 */
export function resultText(
  saved: SavedPrediction,
  {
    outcome,
    caseCode,
    trainingRow,
  }: { outcome: Outcome | null; caseCode: string | null; trainingRow: TrainingRow | null },
): string {
  const { label, diagnosis, probability, threshold, uncertain, contributions, base, typicality, values } =
    saved;
  const reasons = contributions === null ? [] : rankReasons(contributions, values);
  const families = reasons.filter(({ members }) => members.length > 0);
  const strongest = rankMeasurements(contributions ?? [], values).slice(0, TOP_MEASUREMENTS);
  const lines = [
    `${words.app.name.toUpperCase()} PREDICTION`,
    ...NOTICE,
    "",
    `Answer: ${answerOf(label ?? diagnosis).word}`,
    `Probability of ${POSITIVE.word}: ${probability}`,
    `Cut-off: ${threshold ?? "not reported"}${isLeftToPerson(label) ? ` (by it alone: ${answerOf(diagnosis).word})` : ""}`,
    ...(uncertain === null
      ? []
      : [
          `Uncertain between ${uncertain.from} and ${uncertain.to}, at a level of ${uncertain.level * 100} %`,
        ]),
    ...describeCautions(cautionsOf(saved), typicality).map(({ title, advice }) =>
      `CAUTION: ${title}. ${advice}`.trim(),
    ),
    ...(typicality?.unusual ?? []).map((found) => `Stands out: ${describeUnusual(found)}`),
    ...(trainingRow === null
      ? []
      : [`CAUTION: ${IN_TRAINING}. ${describeTrainingRow(trainingRow, threshold)}`]),
    "",
    `Made: ${saved.createdAt.toISOString()}${saved.deletedAt === null ? "" : `, deleted ${saved.deletedAt.toISOString()}`}`,
    `Model: ${saved.modelName} ${saved.modelVersion}, hash ${saved.modelHash ?? "not reported"}`,
    `Backend: ${saved.backend}`,
    `Id: ${saved.id}${saved.importedId === null ? "" : `, imported from a file, there ${saved.importedId}`}`,
    ...(caseCode === null ? [] : [`Case code: ${caseCode}`]),
    `Outcome: ${outcome === null ? "not recorded" : outcomeText(outcome)}`,
    "",
    ...(reasons.length === 0
      ? ["The model gives no reasons."]
      : [
          `Reasons, in log-odds (positive speaks for ${POSITIVE.word}${base === null ? "" : `; base ${base.toFixed(3)}`}):`,
          ...families.map(termText),
          ...(families.length === 0
            ? []
            : ["", `The ${TOP_MEASUREMENTS} strongest ${table.nouns.values}. ${WHY_OPPOSED}`]),
          ...strongest.map(termText),
        ]),
    "",
    "Measurements:",
    ...FEATURES.map(
      (feature) => `${feature.label}: ${valueText(feature, values[feature.index] ?? Number.NaN)}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
