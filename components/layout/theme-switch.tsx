"use client";

import { type MouseEvent, useLayoutEffect } from "react";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAction } from "@/components/ui/use-action";
import { keptTheme, THEMES, type Theme } from "@/lib/theme";

const NEXT_THEME = { system: "light", light: "dark", dark: "system" } as const;

/** What of the circle is filled: the half that is dark, none, or all. */
const ICONS = { system: "M10 3a7 7 0 0 1 0 14Z", light: "", dark: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14Z" };

/**
 * Shows the present theme and switches to the next. It has a button for each theme, of which the style sheet shows one:
 * the page's HTML does not know the theme. A form, so that it needs no script.
 */
export function ThemeSwitch({ setTheme }: { setTheme: (data: FormData) => Promise<void> }) {
  const { refusal, form } = useAction(setTheme);
  // A page that is not found is drawn by the browser, where the first script does not run.
  useLayoutEffect(() => {
    document.documentElement.dataset.theme ??= keptTheme(document.cookie);
  }, []);
  function show(next: Theme, { currentTarget: { form } }: MouseEvent<HTMLButtonElement>) {
    document.documentElement.dataset.theme = next;
    // The clicked button is hidden now.
    form?.querySelector<HTMLElement>(`[data-in-theme="${next}"]`)?.focus();
  }
  return (
    // Its place is reserved: what stands before it would move when it arrives.
    <form {...form} className="absolute right-4 sm:right-6">
      {THEMES.map((theme) => (
        <button
          key={theme}
          type="submit"
          name="theme"
          value={NEXT_THEME[theme]}
          data-in-theme={theme}
          className="inline-flex size-control items-center justify-center rounded-field text-base hover:bg-sunken"
          aria-label={`Theme: ${theme}. Switch to ${NEXT_THEME[theme]}.`}
          onClick={(event) => show(NEXT_THEME[theme], event)}
        >
          <svg
            aria-hidden="true"
            viewBox="0 0 20 20"
            className="size-4.5 fill-none stroke-current stroke-[1.5]"
          >
            <circle cx="10" cy="10" r="7" />
            <path d={ICONS[theme]} className="fill-current" />
          </svg>
        </button>
      ))}
      {refusal !== null && <RefusalNotice refusal={refusal} />}
    </form>
  );
}
