"use client";

import { useEffect } from "react";

/** "/" goes to the search field, the arrows from row to row, where Enter opens the link that has the focus. */
export function HistoryKeys() {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = event.target as HTMLElement;
      if (at.matches("input,select,textarea")) return;
      if (event.key === "/") {
        document.querySelector<HTMLElement>("input[type=search]")?.focus();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const rows = [...document.querySelectorAll<HTMLElement>("tbody th a")];
        const next = rows.indexOf(at) + (event.key === "ArrowDown" ? 1 : -1);
        // Elsewhere on the page the arrows scroll, as ever.
        if (!rows.includes(at) && !at.matches("section")) return;
        rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
      } else return;
      event.preventDefault();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return null;
}
