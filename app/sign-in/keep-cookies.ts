import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies } from "next/headers";

/** Has a server action's answer set what better-auth would have set. */
export async function keepCookies(setCookies: readonly string[]): Promise<void> {
  const store = await cookies();
  for (const header of setCookies) {
    for (const [name, cookie] of parseSetCookieHeader(header)) {
      store.set(name, decodeURIComponent(cookie.value), toCookieOptions(cookie));
    }
  }
}
