/** Everything of one case code: how much there is, and what becomes of it. */

/** A file of cases, as a person knows it again. */
export type NamedBatch = { id: string; fileName: string; createdAt: Date };

export type CaseFound = {
  /** In the history and in the bin; their details, notes, edits and measurements with their images go with them. */
  predictions: { count: number; inBin: number; notes: number; edits: number; images: number };
  /** What mentions the code elsewhere. `ids`: the other predictions whose note, or an earlier text of it, does. */
  mentions: {
    ids: string[];
    notes: number;
    edits: number;
    reports: number;
    views: number;
    fileNames: number;
  };
  batches: (NamedBatch & { rows: number; isWhole: boolean })[];
  /** Those that have not ended, and can only be erased whole. */
  notSearched: NamedBatch[];
};

/** `isRewritten`: whether what was deleted is out of the database's file too; null of PostgreSQL. */
export type CaseErased = { what: string; left: boolean; isRewritten: boolean | null };

/** What the page of a case shows once it is asked: what there is, or that it is gone. `isOther`: what there is has changed since. */
export type CaseDone =
  | { kind: "found"; found: CaseFound; isOther: boolean }
  | { kind: "erased"; erased: CaseErased };

/** The numbers of what was found in one text: who confirms sends it back, so that nothing is erased that was not shown. */
export const stampOf = ({ predictions, mentions, batches, notSearched }: CaseFound): string =>
  [
    ...[predictions.count, predictions.inBin, predictions.notes, predictions.edits, predictions.images],
    ...[mentions.notes, mentions.edits, mentions.reports, mentions.views, mentions.fileNames],
    ...batches.map(({ id, rows }) => `${id}:${rows}`),
    `${notSearched.length}`,
  ].join(" ");

/** Whether there is anything that erasing would take away. */
export const isAnything = ({ predictions, mentions, batches }: CaseFound): boolean =>
  predictions.count > 0 ||
  batches.length > 0 ||
  mentions.notes + mentions.edits + mentions.reports + mentions.views + mentions.fileNames > 0;

const count = (number: number, one: string, more = `${one}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : more}`;

/** "3 predictions, 2 rows of files and 1 mention". */
export function inWords({ predictions, mentions, batches }: CaseFound): string {
  const rows = batches.reduce((sum, one) => sum + one.rows, 0);
  const elsewhere = mentions.notes + mentions.edits + mentions.reports + mentions.views + mentions.fileNames;
  const parts = [
    ...(predictions.count > 0 ? [count(predictions.count, "prediction")] : []),
    ...(rows > 0 ? [`${count(rows, "row")} of ${count(batches.length, "file")}`] : []),
    ...(elsewhere > 0 ? [count(elsewhere, "mention")] : []),
  ];
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** How the box of a file begins that is to be erased whole; its id follows. */
export const WHOLE = "whole-";
