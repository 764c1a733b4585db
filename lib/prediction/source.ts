import { table } from "../../tables/current";
import type { Source } from "../contract";

const NAMES: Record<Source, string> = {
  form: "typed in the form",
  sample: "a training case from the form",
  api: "sent by a program",
  batch: "from a file of cases",
  image: "measured on an image",
};

export const DRAWN_BY_COMPUTER = `drawn by computer, not a ${table.nouns.person}`;

/** By which door a prediction came; `synthetic`: it was measured on an image that a computer drew. */
export const describeSource = (source: Source, synthetic = false): string =>
  synthetic ? `measured on an image ${DRAWN_BY_COMPUTER}` : NAMES[source];
