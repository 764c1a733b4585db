import { useEffect, useState } from "react";
import { SELECTION_FORM } from "./select-box";

const boxes = (name: "ids" | "all") => [
  ...document.querySelectorAll<HTMLInputElement>(`input[form="${SELECTION_FORM}"][name="${name}"]`),
];

/** Unticks every row. */
export function clearTicked(): void {
  for (const row of boxes("ids")) row.checked = false;
  boxes("ids")[0]?.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * How many rows are ticked, and of how many; ticks all of them with the box called "all". Without a script that box still
 * stands for every row of the page.
 */
export function useTicked(): { ticked: number; of: number } {
  const [counts, setCounts] = useState({ ticked: 0, of: 0 });
  useEffect(() => {
    const update = ({ target }: { target: unknown }) => {
      const rows = boxes("ids");
      const [all] = boxes("all");
      if (all !== undefined && target === all) for (const row of rows) row.checked = all.checked;
      const ticked = rows.filter(({ checked }) => checked).length;
      if (all !== undefined) {
        all.checked = ticked > 0 && ticked === rows.length;
        all.indeterminate = ticked > 0 && ticked < rows.length;
      }
      setCounts({ ticked, of: rows.length });
    };
    // Boxes ticked before this ran, or kept by the browser on the way back.
    const [all] = boxes("all");
    update({ target: all?.checked ? all : null });
    document.addEventListener("change", update);
    return () => document.removeEventListener("change", update);
  }, []);
  return counts;
}
