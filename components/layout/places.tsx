"use client";

import { usePathname } from "next/navigation";

/** Paths in a box of 20 by 20. */
const PLACES = [
  { href: "/", name: "New", icon: "M10 4v12M4 10h12", under: ["/filled", "/measure"] },
  { href: "/batch", name: "Batch", icon: "M3 5h14M3 10h14M3 15h14" },
  { href: "/history", name: "History", icon: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14Zm0 3v4l3 2" },
  {
    href: "/model",
    name: "Model",
    icon: "M3 3v14h14M5 13c4 0 5-8 11-8",
    under: ["/classes", "/measurements"],
  },
  {
    href: "/path",
    name: "Path",
    icon: "M6 10h8M3 10a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0Zm11 0a1.5 1.5 0 1 0 3 0 1.5 1.5 0 0 0-3 0Z",
  },
];

/** The places to go: in the bar, or on a phone along the lower edge. */
export function Places() {
  const path = usePathname();
  const isIn = (href: string, under: readonly string[] = []) =>
    path === href || (href !== "/" && path.startsWith(`${href}/`)) || under.includes(path);
  return (
    <nav
      aria-label="Main"
      className="flex max-sm:fixed max-sm:inset-x-0 max-sm:bottom-0 max-sm:h-(--places) max-sm:border-line max-sm:border-t max-sm:bg-surface sm:gap-1 sm:self-stretch"
    >
      {PLACES.map(({ href, name, icon, under }) => (
        <a
          key={href}
          href={href}
          aria-current={isIn(href, under) ? "page" : undefined}
          className="flex items-center justify-center border-transparent font-medium forced-color-adjust-none text-ink-2 hover:text-ink aria-[current]:border-ink aria-[current]:text-ink max-sm:flex-1 max-sm:flex-col max-sm:border-t-2 max-sm:text-xs sm:border-y-2 sm:border-t-transparent! sm:px-2 md:px-3"
        >
          <svg
            aria-hidden="true"
            viewBox="0 0 20 20"
            className="size-5 fill-none stroke-[1.5] stroke-current sm:hidden"
          >
            <path d={icon} />
          </svg>
          {name}
        </a>
      ))}
    </nav>
  );
}
