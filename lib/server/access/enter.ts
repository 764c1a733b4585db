import "server-only";
import { createHash } from "node:crypto";
import { isAPIError } from "better-auth/api";
import { fail, ok, type Result } from "@/lib/result";
import { homeDatabase } from "@/lib/server/database/db";
import { askingPerson, HOME, runForTeam } from "./actor";
import { forgiveAttempt, takeAttempt, takeCode } from "./attempts";
import { audit } from "./audit";
import { CLIENT_ADDRESS, signIn } from "./sign-in";
import { forgetInBrowser, tooManyTries } from "./visit";

/** Signing in by a password, and by a second factor where there is one; and signing out. */

/** `next`: "in", or "second" where a second factor is asked for. `cookies`: Set-Cookie headers for the browser. */
type Entered = { next: "in" | "second"; cookies: string[] };

const WRONG = "The e-mail address or the password is wrong.";
const WRONG_CODE = "The code is wrong, or was used already. Wait for the next one, and try again.";
const NO_TEAM = "You belong to no team any more. Ask an administrator to add you to one.";
const OVER = "It took too long, or there were too many tries. Sign in again.";

const minutes = (seconds: number) => {
  const count = Math.ceil(seconds / 60);
  return count === 1 ? "a minute" : `${count} minutes`;
};

/** Nobody is to read later which addresses were tried, among which are passwords in the wrong field. */
const nameOf = (account: string) => createHash("sha256").update(account).digest("base64url");

/** Does what may fail, if there were not too many failures yet; what better-auth says of it is `told`. */
async function attempt(
  { headers, account }: { headers: Headers; account?: string },
  enter: () => Promise<Entered | null>,
  told: (code: string) => string,
): Promise<Result<Entered, string>> {
  const address = headers.get(CLIENT_ADDRESS) ?? "";
  const name = account === undefined ? undefined : nameOf(account);
  const wait = await takeAttempt(address, name);
  if (wait !== null) {
    tooManyTries(wait);
    return fail(`There were too many tries. Try again in ${minutes(wait)}.`);
  }
  try {
    const entered = await enter();
    if (entered === null) {
      await recordFailure(account);
      return fail(WRONG_CODE);
    }
    await forgiveAttempt(address, name);
    return ok(entered);
  } catch (error) {
    if (!isAPIError(error)) throw error;
    await recordFailure(account);
    return fail(told(String(error.body?.code)));
  }
}

/** Records that a try failed. It does the same for an address that nobody has, so that neither takes longer. */
async function recordFailure(email: string | undefined): Promise<void> {
  const db = await homeDatabase();
  const person =
    email === undefined ? null : await db.user.findUnique({ where: { email }, select: { id: true } });
  await runForTeam(HOME, () => audit("sign_in_failed", { object: "person", objectId: person?.id ?? null }));
}

/**
 * Signs in by a password. An address that nobody has takes as long: better-auth hashes the password then, as it does to
 * compare it (enter.integration.test.ts).
 */
export const enterByPassword = (
  { email, password }: { email: string; password: string },
  headers: Headers,
): Promise<Result<Entered, string>> =>
  attempt(
    { headers, account: email },
    async () => {
      const { api } = await signIn();
      const { headers: answered, response } = await api.signInEmail({
        body: { email, password },
        headers,
        returnHeaders: true,
      });
      const next = "twoFactorRedirect" in response ? "second" : "in";
      return { next, cookies: answered.getSetCookie() };
    },
    (code) => (code === "FAILED_TO_CREATE_SESSION" ? NO_TEAM : WRONG),
  );

/** Signs in whose password was right by a code of their application, or one of their backup codes. */
export const enterByCode = (code: string, headers: Headers): Promise<Result<Entered, string>> =>
  attempt(
    { headers },
    async () => {
      const { api } = await signIn();
      const given = { body: { code }, headers, returnHeaders: true } as const;
      const { headers: answered, response } = await (/^\d{6}$/.test(code)
        ? api.verifyTOTP(given)
        : api.verifyBackupCode(given));
      // better-auth takes a code again as long as it is valid.
      if (!(await takeCode(nameOf(`${response.user.id} ${code}`)))) {
        const db = await homeDatabase();
        await db.session.deleteMany({ where: { token: response.token } });
        return null;
      }
      return { next: "in", cookies: answered.getSetCookie() };
    },
    (code) => (code === "INVALID_CODE" || code === "INVALID_BACKUP_CODE" ? WRONG_CODE : OVER),
  );

/** Ends the session of a browser; gives the Set-Cookie headers that make it forget it. */
export async function leave(headers: Headers): Promise<string[]> {
  if (askingPerson() !== null) await audit("sign_out");
  const { api } = await signIn();
  const { headers: answered } = await api.signOut({ headers, returnHeaders: true });
  forgetInBrowser();
  return answered.getSetCookie();
}
