"use client";

import { useEffect } from "react";
import { buttonClass } from "@/components/ui/button";
import type { Place } from "@/lib/history/place";

/** The way to the cases before and after this one in its list, by "[" and "]" too, and where in the list it is. */
export function Neighbours({
  place: { position },
  previous,
  next,
}: {
  place: Pick<Place, "position">;
  /** Addresses; null at an end. */
  previous: string | null;
  next: string | null;
}) {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).matches("input,select,textarea")) return;
      const address = event.key === "[" ? previous : event.key === "]" ? next : null;
      if (address !== null) window.location.assign(address);
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [previous, next]);
  return (
    <nav aria-label="Neighbours in the list" className="flex items-center gap-2">
      <Way href={previous} name="Previous case" sign="←" keys="[" />
      <Way href={next} name="Next case" sign="→" keys="]" />
      {position !== null && (
        <span className="whitespace-nowrap text-ink-2 text-xs">
          {position.at.toLocaleString("en")} of {position.of.toLocaleString("en")}
        </span>
      )}
    </nav>
  );
}

function Way({ href, name, sign, keys }: { href: string | null; name: string; sign: string; keys: string }) {
  const look = `${buttonClass()} w-control px-0!`;
  if (href === null)
    return (
      <span aria-hidden="true" className={`${look} opacity-40`}>
        {sign}
      </span>
    );
  return (
    <a href={href} title={`${name} (${keys})`} aria-keyshortcuts={keys} className={look}>
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{name}</span>
    </a>
  );
}

/** Prints the page; not there without JavaScript, where the browser's menu does it. */
export function PrintButton() {
  return (
    <button type="button" className={`${buttonClass()} noscript:hidden`} onClick={() => window.print()}>
      Print
    </button>
  );
}
