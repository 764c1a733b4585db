"use client";

import { useEffect } from "react";

/**
 * Keeps the head of a table in view that scrolls sideways in a box of its own, in which `position: sticky` knows only that
 * box; without a script it scrolls away.
 */
export function HeadInView() {
  useEffect(() => {
    const head = document.querySelector<HTMLElement>(".history.wide thead");
    const box = head?.closest("section");
    if (!head || !box) return;
    const follow = () => {
      const edge = document.querySelector("[data-toolbar]")?.getBoundingClientRect().bottom ?? 0;
      const most = box.clientHeight - 2 * head.offsetHeight;
      const by = Math.min(most, Math.max(0, edge - box.getBoundingClientRect().top));
      head.style.transform = by > 0 ? `translateY(${by}px)` : "";
    };
    addEventListener("scroll", follow, { passive: true });
    return () => removeEventListener("scroll", follow);
  }, []);
  return null;
}
