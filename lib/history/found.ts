import type { Answer } from "../prediction/words";

/** What a search for cases and saved views finds. */
export type Found = {
  cases: { id: string; code: string | null; answer: Answer; at: string }[];
  views: { id: string; name: string; href: string }[];
};
