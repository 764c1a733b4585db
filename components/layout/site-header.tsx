import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import type { Theme } from "@/lib/theme";
import { PendingMark } from "./pending-mark";

const PLACES = [
  { href: "/", name: "New prediction" },
  { href: "/history", name: "History" },
  { href: "/model", name: "Model" },
  { href: "/settings", name: "Settings" },
];

const NEXT_THEME = { system: "light", light: "dark", dark: "system" } as const;

/** Name, the places to go, and the theme switch, which is a form so that it needs no script. */
export function SiteHeader({
  theme,
  setTheme,
}: {
  theme: Theme;
  setTheme: (data: FormData) => Promise<void>;
}) {
  return (
    <header className="border-line border-b bg-surface print:hidden">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-5 gap-y-1 px-4 py-1.5">
        <a href="#content" className="sr-only focus:not-sr-only">
          Skip to content
        </a>
        <Link href="/" className="font-semibold text-lg tracking-tight">
          Cytodesk
        </Link>
        <nav aria-label="Main" className="flex flex-wrap gap-x-1 max-sm:-ml-1">
          {PLACES.map(({ href, name }) => (
            <Link
              key={href}
              href={href}
              className="px-1 py-1 text-ink-muted max-sm:text-sm sm:px-2 hover:text-ink hover:underline"
            >
              {name}
              <PendingMark />
            </Link>
          ))}
        </nav>
        <form action={setTheme} className="ml-auto">
          <button
            type="submit"
            name="theme"
            value={NEXT_THEME[theme]}
            className={buttonClass("plain")}
            aria-label={`Theme: ${theme}. Switch to ${NEXT_THEME[theme]}.`}
          >
            <span aria-hidden="true">◐</span> Theme: {theme}
          </button>
        </form>
      </div>
    </header>
  );
}
