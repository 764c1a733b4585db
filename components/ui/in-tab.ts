import { toHex } from "@/lib/format";

/**
 * What a form keeps in its tab, by the form's name, through Reload and Back, as long as the tab's session lasts: on a shared
 * machine the next person has another.
 */
export function keepInTab(place: string, value: object | null): void {
  try {
    if (value === null) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: the form works all the same.
  }
}

/** What is kept there; null where that is nothing that can be read. */
export function keptInTab(place: string): Partial<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(place) ?? "null");
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** A name that nothing else has. randomUUID is missing where the page comes over plain HTTP from another machine. */
export const newKey = () => toHex(crypto.getRandomValues(new Uint8Array(16)));
