import { useMemo, useSyncExternalStore } from "react";
import { addGuess, GUESS_FIRST_COOKIE, type Guessed, readGuesses } from "@/lib/prediction/guesses";
import { ONE_YEAR_S } from "@/lib/time";

/** What the browser keeps of guesses: the tally among its own things, the switch in a cookie, which a page is made by. */

const PLACE = "guesses";
/** "storage" tells of changes in other tabs alone. */
const CHANGED = "guesses-changed";

function subscribe(onChange: () => void): () => void {
  for (const name of ["storage", CHANGED]) addEventListener(name, onChange);
  return () => {
    for (const name of ["storage", CHANGED]) removeEventListener(name, onChange);
  };
}

const isOnNow = () => document.cookie.split("; ").includes(`${GUESS_FIRST_COOKIE}=1`);

function turn(isOn: boolean): void {
  const age = isOn ? ONE_YEAR_S : 0;
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser.
  document.cookie = `${GUESS_FIRST_COOKIE}=1; Path=/; SameSite=Lax; Max-Age=${age}`;
  dispatchEvent(new Event(CHANGED));
}

/** The switch, and what turns it; `isOn` is what the page was made by. */
export function useGuessFirst(isOn: boolean): [boolean, (isOn: boolean) => void] {
  return [useSyncExternalStore(subscribe, isOnNow, () => isOn), turn];
}

function keptText(): string | null {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

function keep(guesses: readonly Guessed[]): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(guesses));
  } catch {
    // A browser that keeps nothing: answers are shown on demand.
  }
  dispatchEvent(new Event(CHANGED));
}

/** The guesses that were made in this browser; none while the page is made. */
export function useGuesses() {
  const text = useSyncExternalStore(subscribe, keptText, () => null);
  const guesses = useMemo(() => readGuesses(text), [text]);
  return {
    guesses,
    add: (made: Guessed) => keep(addGuess(guesses, made)),
    forget: () => keep([]),
  };
}
