"use client";

import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { buttonClass, Kbd } from "@/components/ui/button";
import { Shape } from "@/components/ui/shape";
import { isSingleKey } from "@/components/ui/single-keys";
import type { Found } from "@/lib/history/found";
import { THEMES, type Theme } from "@/lib/theme";
import { KeyMap } from "./key-map";

type Entry = { key: string; name: string; beside?: string; shape?: string; colour?: string } & (
  | { href: string }
  | { act: () => void }
);

const pagesOf = (measure: string | null): Entry[] => [
  { key: "new", name: "New prediction", href: "/" },
  ...(measure === null ? [] : [{ key: "measure", name: measure, href: "/measure" }]),
  { key: "batch", name: "Batch: a file of cases", href: "/batch" },
  { key: "history", name: "History", href: "/history" },
  { key: "model", name: "Model card", href: "/model" },
  { key: "path", name: "Path to the model", href: "/path" },
  { key: "import", name: "Import a history", href: "/history/import" },
  { key: "bin", name: "Bin", href: "/history/bin" },
];

/** How long after the last key the history is searched. */
const SETTLES_MS = 150;

/**
 * Where one can go by name: pages, cases, saved views, the theme. Opens with Ctrl or Cmd and K; without JavaScript its button
 * leads to the history, which has a search of its own.
 */
export function CommandMenu({
  measure,
  setTheme,
}: {
  /** What the page is called that measures an image; null where there is none. */
  measure: string | null;
  setTheme: (data: FormData) => Promise<void>;
}) {
  const menu = useRef<HTMLDialogElement>(null);
  const keys = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const id = useId();

  useEffect(() => {
    function onKey(event: globalThis.KeyboardEvent) {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault();
        setOpen(true);
        menu.current?.showModal();
      } else if (event.key === "?" && isSingleKey(event)) {
        event.preventDefault();
        keys.current?.showModal();
      }
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  useEffect(() => {
    if (!isOpen) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const answer = await fetch(`/find?q=${encodeURIComponent(text)}`).catch(() => null);
      const next = answer?.ok ? ((await answer.json()) as Found) : null;
      if (isCurrent) setFound(next);
    }, SETTLES_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, isOpen]);

  function show(theme: Theme) {
    document.documentElement.dataset.theme = theme;
    const data = new FormData();
    data.set("theme", theme);
    void setTheme(data).catch(() => {});
    menu.current?.close();
  }

  const matches = ({ name }: Entry) => name.toLowerCase().includes(text.trim().toLowerCase());
  const groups: [string, Entry[]][] = [
    ["Pages", pagesOf(measure).filter(matches)],
    [
      "Cases",
      (found?.cases ?? []).map((one) => ({
        key: one.id,
        name: one.code ?? "Case without a code",
        beside: `${one.answer.word}, ${one.at}`,
        href: `/history/${one.id}`,
        ...one.answer,
      })),
    ],
    ["Saved views", (found?.views ?? []).map((view) => ({ key: view.id, name: view.name, href: view.href }))],
    [
      "Actions",
      [
        ...THEMES.map((theme) => ({ key: theme, name: `Theme: ${theme}`, act: () => show(theme) })),
        {
          key: "keys",
          name: "Keyboard map",
          act: () => {
            menu.current?.close();
            keys.current?.showModal();
          },
        },
      ].filter(matches),
    ],
  ];
  const entries = groups.flatMap(([, list]) => list);
  const active = entries[Math.min(at, entries.length - 1)];

  function go(entry: Entry | undefined) {
    if (entry === undefined) return;
    if ("act" in entry) entry.act();
    else location.assign(entry.href);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined)
      setAt((Math.min(at, entries.length - 1) + step + entries.length) % entries.length);
    else if (event.key === "Enter") go(active);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <a
        href="/history"
        aria-label="Search or jump to"
        aria-keyshortcuts="Control+K Meta+K"
        aria-haspopup="dialog"
        onClick={(event) => {
          event.preventDefault();
          setOpen(true);
          menu.current?.showModal();
        }}
        className={`${buttonClass()} mr-[calc(var(--control)+0.75rem)] ml-auto md:mr-[calc(var(--control)+1.5rem)] in-data-account:mr-[calc(2*var(--control)+1rem)]! max-lg:size-control max-lg:px-0! lg:w-55 lg:justify-between! font-normal! text-ink-2!`}
      >
        <svg
          aria-hidden="true"
          viewBox="0 0 20 20"
          className="size-4.5 fill-none stroke-[1.5] stroke-current lg:hidden"
        >
          <circle cx="9" cy="9" r="5.5" />
          <path d="m13 13 4 4" />
        </svg>
        <span className="max-lg:hidden">Search or jump to</span>
        <span className="max-lg:hidden">
          <Kbd>Ctrl K</Kbd>
        </span>
      </a>
      <dialog
        ref={menu}
        aria-label="Search or jump to"
        onClose={() => {
          setOpen(false);
          setText("");
          setAt(0);
        }}
        onClick={({ target, currentTarget }) => target === currentTarget && currentTarget.close()}
        onKeyDown={() => {}}
        className="mx-auto mt-[10vh] mb-auto max-h-[75vh] w-[min(38rem,calc(100vw-2rem))] overflow-clip rounded-card border border-line bg-raised text-ink shadow-raised backdrop:bg-ink/40"
      >
        <div className="flex max-h-[75vh] flex-col">
          <input
            type="search"
            role="combobox"
            aria-label="Search or jump to"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={active && `${id}-${active.key}`}
            aria-autocomplete="list"
            placeholder="A page, a case code, a saved view …"
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
            className="flex-none border-line border-b bg-transparent px-5 py-4 text-base outline-none"
          />
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label="Found"
            tabIndex={-1}
            className="overflow-y-auto p-2"
          >
            {groups.map(
              ([title, list]) =>
                list.length > 0 && (
                  <fieldset key={title} aria-labelledby={`${id}-${title}`}>
                    <p id={`${id}-${title}`} className="px-3 pt-2 pb-1 text-ink-2 text-xs">
                      {title}
                    </p>
                    {list.map((entry) => (
                      <div
                        key={entry.key}
                        id={`${id}-${entry.key}`}
                        role="option"
                        tabIndex={-1}
                        aria-selected={entry === active}
                        onClick={() => go(entry)}
                        onKeyDown={() => {}}
                        className="flex min-h-control cursor-pointer items-center gap-2.5 rounded-field px-3 hover:bg-sunken aria-selected:bg-selected"
                      >
                        {entry.shape !== undefined && (
                          <Shape shape={entry.shape} className={entry.colour ?? ""} />
                        )}
                        <span className="min-w-0 truncate">{entry.name}</span>
                        <span className="ml-auto flex-none text-ink-2 text-xs">{entry.beside}</span>
                      </div>
                    ))}
                  </fieldset>
                ),
            )}
            {entries.length === 0 && (
              <p role="status" className="px-3 py-4 text-ink-2">
                Nothing has this name.
              </p>
            )}
          </div>
        </div>
      </dialog>
      <KeyMap ref={keys} />
    </>
  );
}
