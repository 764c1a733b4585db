import { ThemeSwitch } from "./theme-switch";

const PLACES = [
  { href: "/", name: "New prediction" },
  { href: "/history", name: "History" },
  { href: "/model", name: "Model" },
  { href: "/settings", name: "Settings" },
];

/** Name, the places to go, and the theme switch. */
export function SiteHeader({ setTheme }: { setTheme: (data: FormData) => Promise<void> }) {
  return (
    <header className="border-line border-b bg-surface print:hidden">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-5 gap-y-1 px-4 py-1.5">
        <a href="#content" className="sr-only focus:not-sr-only">
          Skip to content
        </a>
        <a href="/" className="font-semibold text-lg tracking-tight">
          Cytodesk
        </a>
        <nav aria-label="Main" className="flex flex-wrap gap-x-1 max-sm:-ml-1">
          {PLACES.map(({ href, name }) => (
            <a
              key={href}
              href={href}
              className="px-1 py-1 text-ink-muted max-sm:text-sm sm:px-2 hover:text-ink hover:underline"
            >
              {name}
            </a>
          ))}
        </nav>
        <ThemeSwitch setTheme={setTheme} />
      </div>
    </header>
  );
}
