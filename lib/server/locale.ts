import "server-only";
import { cookies, headers } from "next/headers";
import { type Locale, parseLocale, TIME_ZONE_COOKIE } from "@/lib/locale";

/** How who asks for this page writes times. */
export async function readLocale(): Promise<Locale> {
  const [header, cookie] = await Promise.all([headers(), cookies()]);
  return parseLocale(header.get("accept-language"), cookie.get(TIME_ZONE_COOKIE)?.value);
}
