import { createHash } from "node:crypto";
import { type AuditFields, canonicalJson, hashedText } from "../../lib/access/audit";

/** Whether the entries of an audit are those that were written, in their order. */

/** An entry as it is found, whatever was done to it. */
export type FoundEntry = { [Key in keyof AuditFields]: Key extends "at" ? Date : string | null } & {
  place: bigint;
  hash: string;
};

/** The last entry: "place:hash", "0:" where there is none. */
type Chain = { count: number; head: string };
/** The first place at which the chain is broken. */
type Fault = { place: bigint; what: string };

/**
 * Goes through the entries of an audit in the order of their places. `expected`: heads that were noted earlier, which
 * still have to be there, also where all that came after them was removed.
 */
export async function checkChain(
  entries: () => AsyncIterable<FoundEntry>,
  expected: readonly string[] = [],
): Promise<Chain | Fault> {
  let previous = "";
  let place = 0n;
  const missing = new Map(expected.map((head) => [BigInt(head.split(":")[0] ?? 0), head]));
  for await (const entry of entries()) {
    place++;
    if (entry.place !== place) {
      return { place, what: `It was removed: after ${place - 1n} comes ${entry.place}, ${inWords(entry)}.` };
    }
    if (!fits(entry, previous, place)) return { place, what: await explain(entries, entry, previous) };
    previous = entry.hash;
    const head = missing.get(place);
    if (head !== undefined && head !== `${place}:${previous}`) {
      return { place, what: `Its hash was ${head.split(":")[1]}, and is ${previous}: all was written anew.` };
    }
    missing.delete(place);
  }
  const gone = [...missing.values()].find((noted) => !noted.startsWith("0:"));
  if (gone === undefined) return { count: Number(place), head: `${place}:${previous}` };
  return { place: place + 1n, what: `It was removed, with all after it: ${gone} was there.` };
}

const fits = (entry: FoundEntry, previous: string, place: bigint) =>
  !Number.isNaN(entry.at.getTime()) &&
  createHash("sha256")
    .update(hashedText(previous, place, canonicalJson(entry)))
    .digest("hex") === entry.hash;

/** What is wrong with an entry that does not fit behind `previous`. */
async function explain(
  entries: () => AsyncIterable<FoundEntry>,
  entry: FoundEntry,
  previous: string,
): Promise<string> {
  for await (const other of entries()) {
    if (other.place !== entry.place && fits(other, previous, entry.place)) {
      return `It was moved to ${other.place}. Here is ${inWords(entry)}.`;
    }
  }
  return `It was edited, or its hash was: ${inWords(entry)}, hash ${entry.hash}.`;
}

function inWords({ at, actorKind, actorId, act, object, objectId }: FoundEntry): string {
  const time = Number.isNaN(at.getTime()) ? "at no time" : at.toISOString();
  return [time, actorKind, actorId, act, object, objectId].filter((text) => text !== null).join(" ");
}
