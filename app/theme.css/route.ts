import { cookies } from "next/headers";
import { parseTheme, THEME_COOKIE, themeStyles } from "@/lib/theme";

/** The kept theme as a style sheet, which pages load where there is no JavaScript. */
export async function GET(): Promise<Response> {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return new Response(themeStyles(theme), {
    headers: { "Content-Type": "text/css; charset=utf-8", "Cache-Control": "no-store" },
  });
}
