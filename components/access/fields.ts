import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from "@/lib/access/password";

/** Fields that several forms have. */

export const EMAIL = { name: "email", label: "E-mail address", type: "email", maxLength: 254 } as const;

/** The password that somebody has. */
export const PASSWORD = {
  name: "password",
  label: "Password",
  type: "password",
  maxLength: LONGEST_PASSWORD,
  autoComplete: "current-password",
} as const;

/** The password that somebody is to have. */
export const NEW_PASSWORD = {
  ...PASSWORD,
  minLength: SHORTEST_PASSWORD,
  autoComplete: "new-password",
  help: `${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters; a few words that do not belong together are good.`,
} as const;

export const CODE = {
  name: "code",
  label: "Code",
  maxLength: 20,
  autoComplete: "one-time-code",
} as const;
