"use client";

import { useEffect, useRef } from "react";
import { Button, Kbd } from "./button";
import { isSingleKey } from "./single-keys";

/** A button that sends its form, and does so by a single key as well, a small letter, as long as it is on the page. */
export function KeyButton({ shortcut, children }: { shortcut: string; children: string }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== shortcut || !isSingleKey(event)) return;
      event.preventDefault();
      button.current?.click();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [shortcut]);
  return (
    <Button ref={button} type="submit" aria-keyshortcuts={shortcut}>
      {children} <Kbd isHint>{shortcut.toUpperCase()}</Kbd>
    </Button>
  );
}
