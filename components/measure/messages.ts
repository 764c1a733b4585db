import type { Refusal } from "@/lib/measure/checks";
import type { Outline } from "@/lib/measure/outline";
import type { GreyChoice, MeasuredOutline } from "@/lib/measure/record";
import type { Result } from "@/lib/result";

/** To the edge, to the edge where a person has moved the outline a little, or as it is. */
export type Way = "snap" | "close" | "keep";

/** The image as the page shows it. */
export type Opened = {
  bitmap: ImageBitmap;
  type: string;
  /** The size in the file, in its pixels. */
  width: number;
  height: number;
  /** In measured pixels. */
  measured: { width: number; height: number };
  grey: GreyChoice;
  factor: number;
  note: string | null;
  /** There as soon as the image is: they say whether it is a drawn one, and a page that said so later would move it. */
  hashes: Hashes;
};

/** SHA-256 of the file and of the grey values. */
export type Hashes = { sha256: string; greySha256: string };

/** What the page asks of its worker, and what comes back; one question at a time for an outline. */
export type Questions = {
  open: { asks: { file: Blob; grey: GreyChoice; factor: number }; answers: Result<Opened, string> };
  outline: {
    asks: { points: Outline; way: Way; isDark: boolean };
    answers: Result<Omit<MeasuredOutline, "state">, Refusal>;
  };
};
export type Question = keyof Questions;

export type Asked = { [Q in Question]: { id: number; question: Q } & Questions[Q]["asks"] }[Question];
/** `failure`: what the worker threw, which no input should make it do. */
export type Answered = { id: number } & ({ answer: unknown } | { failure: string });
