import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import type { Theme } from "@/lib/theme";

const NEXT_THEME = { system: "light", light: "dark", dark: "system" } as const;

/** Name, the two places to go, and the theme switch, which is a form so that it needs no script. */
export function SiteHeader({ theme, setTheme }: { theme: Theme; setTheme: (data: FormData) => Promise<void> }) {
  return (
    <header className="border-line border-b bg-surface print:hidden">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-5 gap-y-1 px-4 py-1.5">
        <a href="#content" className="sr-only focus:not-sr-only">
          Skip to content
        </a>
        <Link href="/" className="font-semibold text-lg tracking-tight">
          Cytodesk
        </Link>
        <nav aria-label="Main" className="flex gap-x-1">
          <Link href="/" className={buttonClass("plain")}>
            New prediction
          </Link>
          <Link href="/history" className={buttonClass("plain")}>
            History
          </Link>
        </nav>
        <form action={setTheme} className="ml-auto">
          <button
            type="submit"
            name="theme"
            value={NEXT_THEME[theme]}
            className={buttonClass("plain")}
            aria-label={`Theme: ${theme}. Switch to ${NEXT_THEME[theme]}.`}
          >
            <span aria-hidden="true">◐</span> {theme}
          </button>
        </form>
      </div>
    </header>
  );
}
