import { type ClassCode, table, words } from "../../tables/current";
import type { Label } from "../contract";
import { capitalised } from "../format";

/** How an answer reads and looks, wherever it is seen: its shape beside the word, so that colour is never alone. */
export type Answer = { word: string; title: string; shape: string; colour: string };

const ofClass = (code: ClassCode, colour: string): Answer => ({
  ...words.classes[code],
  title: capitalised(words.classes[code].word),
  colour,
});

export const POSITIVE = ofClass(table.classes.positive, "text-positive");
export const NEGATIVE = ofClass(table.classes.negative, "text-negative");
const UNCERTAIN: Answer = {
  word: "uncertain",
  title: "Uncertain",
  shape: "◆",
  colour: "text-uncertain",
};
const NO_ANSWER: Answer = { word: "no answer", title: "No answer", shape: "○", colour: "text-ink-2" };

export const answerOf = (label: Label): Answer =>
  label === "uncertain"
    ? UNCERTAIN
    : label === "no_answer"
      ? NO_ANSWER
      : label === table.classes.positive
        ? POSITIVE
        : NEGATIVE;

/** For a cell that has room for nothing else. */
export const shapeAndWord = ({ shape, word }: Answer) => `${shape} ${word}`;
