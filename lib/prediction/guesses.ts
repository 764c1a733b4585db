import { type ClassCode, table } from "../../tables/current";
import type { Diagnosis, Label } from "../contract";

/**
 * Guesses that were made before an answer was looked at, and how they fared beside the model's. Without a schema, which
 * would be more than half of what the browser has to load.
 */

/** A class, or "uncertain": leave it to a person. */
export type Guess = Exclude<Label, "no_answer">;

/** `id` is the case's key; `model` is the model's answer, `truth` null where nobody knows it. */
export type Guessed = { id: string; guess: Guess; model: Label; truth: Diagnosis | null };

/** Kept are the latest so many. */
export const MOST_KEPT = 500;

const CLASSES: readonly unknown[] = Object.values(table.classes) satisfies ClassCode[];
export const GUESSES: readonly Guess[] = [table.classes.positive, table.classes.negative, "uncertain"];

function isGuessed(value: unknown): value is Guessed {
  if (typeof value !== "object" || value === null) return false;
  const { id, guess, model, truth } = value as Record<keyof Guessed, unknown>;
  const isGuess = (said: unknown) => said === "uncertain" || CLASSES.includes(said);
  return (
    typeof id === "string" &&
    isGuess(guess) &&
    (isGuess(model) || model === "no_answer") &&
    (truth === null || CLASSES.includes(truth))
  );
}

/** Reads what a browser kept; what cannot be read counts as nothing. */
export function readGuesses(text: string | null): Guessed[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.filter(isGuessed) : [];
  } catch {
    return [];
  }
}

/** The first guess at a case is the one that counts; its truth may come to be known later. */
export function addGuess(kept: readonly Guessed[], made: Guessed): Guessed[] {
  const earlier = kept.find(({ id }) => id === made.id);
  if (earlier === undefined) return [...kept, made].slice(-MOST_KEPT);
  return kept.map((one) => (one === earlier ? { ...one, truth: made.truth ?? one.truth } : one));
}

type Fared = { right: number; wrong: number; left: number };

/** `agreed`: guesses that were the model's answer; `you` and `model` are of the `known` cases, whose truth is known. */
export type Tally = { cases: number; agreed: number; known: number; you: Fared; model: Fared };

export function tallyOf(kept: readonly Guessed[]): Tally {
  const known = kept.filter(({ truth }) => truth !== null);
  const fared = (said: (one: Guessed) => Guess): Fared => {
    const left = known.filter((one) => said(one) === "uncertain").length;
    const right = known.filter((one) => said(one) === one.truth).length;
    return { right, wrong: known.length - left - right, left };
  };
  return {
    cases: kept.length,
    agreed: kept.filter((one) => one.guess === answeredBy(one)).length,
    known: known.length,
    you: fared(({ guess }) => guess),
    model: fared(answeredBy),
  };
}

/** Where the model gives no answer, a person has to. */
const answeredBy = ({ model }: Guessed): Guess => (model === "no_answer" ? "uncertain" : model);

/** Whether answers stay hidden until a guess is made: "1" in this cookie of the browser. */
export const GUESS_FIRST_COOKIE = "guess-first";

/** A short name of a case by its values, the same on every page: FNV-1a, 32 bits, in hexadecimal. */
export function caseKey(values: readonly number[]): string {
  let hash = 0x811c9dc5;
  for (const character of values.join()) {
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
