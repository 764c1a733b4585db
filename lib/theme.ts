import * as z from "zod";

/** What the page shows: the system's choice, or one that the user made. */
const theme = z.enum(["system", "light", "dark"]);
export type Theme = z.infer<typeof theme>;

export const THEME_COOKIE = "theme";

/** Anything that is not a theme is the system's choice. */
export const parseTheme = (value: unknown): Theme => theme.catch("system").parse(value);
