"use client";

import { useEffect, useRef, useState } from "react";
import { buttonClass } from "@/components/ui/button";
import { isSingleKey } from "@/components/ui/single-keys";
import { clearTicked } from "@/components/ui/use-ticked";

const rowLinks = () => [...document.querySelectorAll<HTMLAnchorElement>(".history tbody .co a")];
const boxOf = (link: Element | undefined) =>
  link?.closest("tr")?.querySelector<HTMLInputElement>("input[name=ids]") ?? null;

/** Does what a control with this key does; in the selection's bar first, which lies over the toolbar. */
function press(key: string): boolean {
  const controls = [...document.querySelectorAll<HTMLElement>(`[aria-keyshortcuts="${CSS.escape(key)}"]`)];
  const control =
    controls.find((one) => one.closest("[data-selecting]") !== null) ??
    controls.find((one) => one.checkVisibility({ visibilityProperty: true }));
  if (control === undefined) return false;
  if (control instanceof HTMLInputElement) control.focus();
  else control.click();
  return true;
}

/**
 * The history's keys: J and K go from row to row, X ticks, Space looks into a row without leaving the page; Enter opens the
 * link that has the focus by itself. Keys of single controls are on them, as `aria-keyshortcuts`.
 */
export function HistoryKeys() {
  const sheet = useRef<HTMLDialogElement>(null);
  /** The row that the sheet shows. */
  const [looked, look] = useState<{ id: string; href: string; html: string | null } | null>(null);

  useEffect(() => {
    let ticked = -1;
    let asked = 0;
    const current = () => {
      const link = document.activeElement?.closest("tr")?.querySelector<HTMLAnchorElement>(".co a");
      return link ? rowLinks().indexOf(link) : -1;
    };
    const show = async (link: HTMLAnchorElement | undefined) => {
      const id = boxOf(link)?.value;
      if (link === undefined || id === undefined) return;
      const mine = ++asked;
      look({ id, href: link.href, html: null });
      sheet.current?.showModal();
      const response = await fetch(`/history/peek?id=${id}`).catch(() => null);
      const page = new DOMParser().parseFromString((await response?.text()) ?? "", "text/html");
      const html =
        page.getElementById("peek")?.innerHTML ?? "<p>This prediction cannot be shown here. Open it.</p>";
      if (mine === asked) look({ id, href: link.href, html });
    };
    const move = (by: number) => {
      const links = rowLinks();
      const at = sheet.current?.open
        ? links.findIndex((link) => boxOf(link)?.value === sheet.current?.dataset.id)
        : current();
      const next = links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))];
      if (sheet.current?.open) {
        sheet.current.close();
        void show(next);
      } else next?.focus();
    };
    const tick = (isRange: boolean) => {
      const at = current();
      if (at < 0) return;
      const [from, to] = isRange && ticked >= 0 ? [Math.min(ticked, at), Math.max(ticked, at)] : [at, at];
      for (const link of rowLinks().slice(from, to + 1)) {
        const box = boxOf(link);
        if (box !== null && (from === to || !box.checked)) box.click();
      }
      ticked = at;
    };
    const deleteRow = () => {
      const id = boxOf(rowLinks()[current()])?.value;
      if (id !== undefined) location.assign(`/history/delete?ids=${id}`);
    };
    const actions: Record<string, (event: KeyboardEvent) => void> = {
      j: () => move(1),
      k: () => move(-1),
      x: ({ shiftKey }) => tick(shiftKey),
      "#": () => press("#") || deleteRow(),
    };
    function onKey(event: KeyboardEvent) {
      const isOpen = sheet.current?.open === true;
      if (event.key === "Escape" && !isOpen && !event.defaultPrevented) return clearTicked();
      const isInRow = current() >= 0;
      // Arrows are no single keys: in a row they go to the next, elsewhere the page scrolls, as ever.
      if (isInRow && !isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        event.preventDefault();
        return move(event.key === "ArrowDown" ? 1 : -1);
      }
      const isBehind = document.querySelector("dialog:modal") !== null && !isOpen;
      if (isBehind || !isSingleKey(event)) return;
      if (event.key === " ") {
        if (isOpen) sheet.current?.close();
        else if (document.activeElement?.matches(".co a")) void show(rowLinks()[current()]);
        else return;
      } else if (Object.hasOwn(actions, event.key.toLowerCase())) actions[event.key.toLowerCase()]?.(event);
      else if (event.key.length > 1 || !press(event.key.toLowerCase())) return;
      event.preventDefault();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return (
    <dialog
      ref={sheet}
      aria-label="One prediction"
      data-id={looked?.id}
      onClose={() =>
        rowLinks()
          .find((link) => boxOf(link)?.value === looked?.id)
          ?.focus()
      }
      className="m-0 ml-auto h-dvh max-h-none w-[26.25rem] max-w-full overflow-y-auto border-line border-l bg-canvas p-4 text-ink shadow-raised backdrop:bg-transparent"
    >
      <div className="flex items-center justify-between gap-2 pb-3">
        <a href={looked?.href} className={buttonClass()}>
          Open
        </a>
        <button type="button" onClick={() => sheet.current?.close()} className={buttonClass("quiet")}>
          Close
        </button>
      </div>
      {looked?.html === null ? (
        <p role="status" className="text-ink-2">
          Reading …
        </p>
      ) : (
        <div
          className="grid gap-4"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a part of a page of ours, as the server wrote it.
          dangerouslySetInnerHTML={{ __html: looked?.html ?? "" }}
        />
      )}
    </dialog>
  );
}
