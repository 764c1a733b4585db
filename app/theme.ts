"use server";

import { cookies } from "next/headers";
import { parseTheme, THEME_COOKIE } from "@/lib/theme";
import { ONE_YEAR_S } from "@/lib/time";

/** Keeps the chosen theme in a cookie, which a script of every page reads before anything is drawn. */
export async function setTheme(data: FormData): Promise<void> {
  (await cookies()).set(THEME_COOKIE, parseTheme(data.get("theme")), {
    maxAge: ONE_YEAR_S,
    sameSite: "lax",
  });
}
