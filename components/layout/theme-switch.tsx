"use client";

import type { MouseEvent } from "react";
import { buttonClass } from "@/components/ui/button";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAction } from "@/components/ui/use-action";
import { THEMES, type Theme } from "@/lib/theme";

const NEXT_THEME = { system: "light", light: "dark", dark: "system" } as const;

/**
 * Shows the present theme and switches to the next. It has a button for each theme, of which the style sheet shows one:
 * the page's HTML does not know the theme. A form, so that it needs no script.
 */
export function ThemeSwitch({ setTheme }: { setTheme: (data: FormData) => Promise<void> }) {
  const { refusal, form } = useAction(setTheme);
  function show(next: Theme, { currentTarget: { form } }: MouseEvent<HTMLButtonElement>) {
    document.documentElement.dataset.theme = next;
    // The clicked button is hidden now.
    form?.querySelector<HTMLElement>(`[data-in-theme="${next}"]`)?.focus();
  }
  return (
    <form {...form} className="ml-auto">
      {THEMES.map((theme) => (
        <button
          key={theme}
          type="submit"
          name="theme"
          value={NEXT_THEME[theme]}
          data-in-theme={theme}
          className={buttonClass("plain")}
          aria-label={`Theme: ${theme}. Switch to ${NEXT_THEME[theme]}.`}
          onClick={(event) => show(NEXT_THEME[theme], event)}
        >
          <span aria-hidden="true">◐</span> Theme: {theme}
        </button>
      ))}
      {refusal !== null && <RefusalNotice refusal={refusal} />}
    </form>
  );
}
