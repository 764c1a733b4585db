import { TIME_ZONE_COOKIE } from "./locale";
import { ONE_YEAR_S } from "./time";

/** What the page can show: the system's choice first, or one that the user made. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = "theme";
/** That this browser has had an answer, and needs no welcome. */
export const SEEN_COOKIE = "seen";

/** Anything that is not a theme is the system's choice. */
export const parseTheme = (value: unknown): Theme => THEMES.find((theme) => theme === value) ?? "system";

/** The theme of a browser's cookies. */
export const keptTheme = (cookies: string): Theme =>
  parseTheme(
    cookies
      .split("; ")
      .find((one) => one.startsWith(`${THEME_COOKIE}=`))
      ?.slice(THEME_COOKIE.length + 1),
  );

/**
 * The script that puts the kept theme on the document before anything is drawn, and whether its reader has had an answer,
 * and tells the server the time zone. The server does not write them there: a page made at build time is the same for everybody. The content policy lets it
 * through by its hash.
 */
export const FIRST_SCRIPT = `document.documentElement.dataset.theme=/(?:^|; )${THEME_COOKIE}=(light|dark)(?:;|$)/.exec(document.cookie)?.[1]??"system";/(?:^|; )${SEEN_COOKIE}=/.test(document.cookie)&&(document.documentElement.dataset.seen="");document.cookie="${TIME_ZONE_COOKIE}="+Intl.DateTimeFormat().resolvedOptions().timeZone+";path=/;max-age=${ONE_YEAR_S};samesite=lax"`;

/**
 * The same for a browser without JavaScript, as a style sheet: what app/globals.css says of `data-theme`, for one theme. The
 * two variables are what the build (Lightning CSS) makes of `light-dark()` for browsers that do not know it.
 */
export function themeStyles(theme: Theme): string {
  const [on, off] = theme === "light" ? ["light", "dark"] : ["dark", "light"];
  const colours = `color-scheme: ${on}; --lightningcss-${on}: initial; --lightningcss-${off}: ;`;
  const shown = `[data-in-theme]:not([data-in-theme="${theme}"]) { display: none; }`;
  const scripts = ".needs-script { display: none; }";
  return theme === "system"
    ? `${shown}\n${scripts}`
    : `@media screen { :root:root { ${colours} } }\n${shown}\n${scripts}`;
}
