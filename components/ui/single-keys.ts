/** Keys that do something by themselves; whoever speaks to the computer switches them off (WCAG 2.1.4). Kept in the browser. */

const PLACE = "single-keys";

export function areSingleKeysOn(): boolean {
  try {
    return localStorage.getItem(PLACE) !== "off";
  } catch {
    return true;
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, "off");
  } catch {
    // A browser that keeps nothing has them on.
  }
}

/** Whether a press is such a key: not while typing, and none that is the browser's own. */
export function isSingleKey(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const isTyping =
    event.target instanceof Element && event.target.closest("input:not([type=checkbox]),select,textarea");
  return !isTyping && areSingleKeysOn();
}
