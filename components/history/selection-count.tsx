"use client";

import { useEffect, useRef, useState } from "react";
import { countPredictions } from "@/lib/format";

/**
 * Says how many rows of its form are ticked, and ticks all of them with the box called "all". Without a script that
 * box still stands for every row of the page.
 */
export function SelectionCount({ idle }: { idle: string }) {
  const region = useRef<HTMLSpanElement>(null);
  const [count, setCount] = useState(0);
  useEffect(() => {
    const form = region.current?.closest("form");
    if (!form) return;
    const boxes = [...form.elements].filter((element) => element instanceof HTMLInputElement);
    const all = boxes.find(({ name }) => name === "all");
    const rows = boxes.filter(({ name }) => name === "ids");
    const update = ({ target }: { target: unknown }) => {
      if (all !== undefined && target === all) for (const row of rows) row.checked = all.checked;
      const ticked = rows.filter(({ checked }) => checked).length;
      if (all !== undefined) {
        all.checked = ticked > 0 && ticked === rows.length;
        all.indeterminate = ticked > 0 && ticked < rows.length;
      }
      setCount(ticked);
    };
    // Boxes ticked before this ran, or kept by the browser on the way back.
    update({ target: all?.checked ? all : null });
    document.addEventListener("change", update);
    return () => document.removeEventListener("change", update);
  }, []);
  return (
    <span ref={region} aria-live="polite">
      {count === 0 ? idle : `${countPredictions(count)} selected`}
    </span>
  );
}
