import * as z from "zod";
import { words } from "../../tables/current";

/** What a password has to be: long, and none that everybody tries (NIST SP 800-63B, 3.1.1.2). */

export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;

/**
 * What the commonest of twelve and more characters are made of: words and runs of keys, with digits and signs around them.
 * A list of them all would say the same at a thousand times the length. The application's name is one of them here.
 */
const COMMON = new RegExp(
  `^(?:${words.app.slug}|password|passwort|kennwort|passw0rd|p@ssw0rd|p@ssword|qwert[yz]?(?:uiop)?|asdfghjkl?|yxcvbnm|zxcvbnm|1q2w3e4r(?:5t)?(?:6[yz])?|1qaz2wsx|qazwsx(?:edc)?|abcdefghijkl?|iloveyou|letmein|welcome|willkommen|administrator|admin|football|baseball|sunshine|princess|superman|batman|dragon|monkey|master|changeme|secret|geheim|test|login|hello|hallo|abc|\\d|[\\W_])+$`,
  "i",
);

const isOneRun = (text: string) => new Set(text.toLowerCase()).size < 5;

/** Why a password is not taken; null where it is. `email`: whose it is to be. */
export function passwordProblem(password: string, email: string): string | null {
  const length = [...password].length;
  if (length < SHORTEST_PASSWORD)
    return `Take at least ${SHORTEST_PASSWORD} characters: a few words are easy to remember.`;
  if (length > LONGEST_PASSWORD) return `Take at most ${LONGEST_PASSWORD} characters.`;
  const [name = ""] = email.toLowerCase().split("@");
  const without = password.toLowerCase().replaceAll(email.toLowerCase(), "");
  if (
    without.length < SHORTEST_PASSWORD / 2 ||
    password.toLowerCase().replaceAll(name || "\0", "").length < 6
  )
    return "It is your e-mail address, or little more. Take another password.";
  if (COMMON.test(password) || isOneRun(password))
    return "It is among the first that anybody would try. Take another password.";
  return null;
}

/** An address as accounts have it. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, "Enter at most 254 characters.")
  .pipe(z.email("Enter an e-mail address, such as name@example.org."));

/** A person's name. */
export const nameSchema = z.string().trim().min(1, "Enter a name.").max(80, "Enter at most 80 characters.");
