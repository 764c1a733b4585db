import type { Label } from "../contract";

/** What a search for cases and saved views finds. */
export type Found = {
  cases: { id: string; code: string | null; label: Label; at: string }[];
  views: { id: string; name: string; href: string }[];
};
