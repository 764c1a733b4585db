import "server-only";
import { passkey } from "@better-auth/passkey";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { genericOAuth, twoFactor } from "better-auth/plugins";
import { v7 as uuidv7 } from "uuid";
import type { AuditDetail } from "@/lib/access/audit";
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from "@/lib/access/password";
import { parseRole, type Role } from "@/lib/access/roles";
import { homeDatabase } from "@/lib/server/database/db";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { env } from "@/lib/server/env";
import { log } from "@/lib/server/log";
import { words } from "@/tables/current";
import { type Actor, HOME, runAs } from "./actor";
import { audit } from "./audit";

/**
 * better-auth as it is set up here: passwords, TOTP, passkeys and one OpenID Connect provider. Nobody signs up by themselves,
 * and no plugin gives out tokens or lets one person act as another. docs/decisions/0030-sign-in.md
 */

/** Without a request for this long, a session is over. */
export const IDLE_MS = 8 * 60 * 60_000;
/** So is it this long after signing in, whatever is requested. */
export const ABSOLUTE_MS = 7 * 24 * 60 * 60_000;

/** What the provider of OIDC_ISSUER is called in addresses: its callback is /api/auth/callback/oidc. */
export const OIDC = "oidc";

/** Where somebody is led whom the provider did not let in, or we not from there. */
export const PROVIDER_REFUSED = "/sign-in?problem=provider";

/** Set by server/access.ts alone: the address that a request came from. */
export const CLIENT_ADDRESS = "x-client-address";

/** Where better-auth answers. */
export const AUTH_PATH = "/api/auth";

type Settings = { secret: string; url: string };

function settings(): Settings {
  const { SIGN_IN_SECRET: secret, PUBLIC_URL: url } = env();
  if (secret === undefined || url === undefined) throw new Error("Sign-in is not switched on.");
  return { secret, url };
}

/** A browser takes a cookie with this prefix from this very host alone, and only by TLS. */
export const cookiePrefix = ({ url }: Pick<Settings, "url"> = settings()) =>
  `${url.startsWith("https:") ? "__Host-" : ""}${words.app.slug}`;

/** An invitation that nobody has used yet and that has not run out. */
export const openInvitation = (now = new Date()) => ({ usedAt: null, expiresAt: { gt: now } });

/** The team that a person comes to: the one shown, the one they used last, the home team, or the first by name. */
async function teamAtSignIn(userId: string, shown: unknown): Promise<string | null> {
  const db = await homeDatabase();
  const [members, last] = await Promise.all([
    db.member.findMany({ where: { userId }, orderBy: { team: { name: "asc" } }, select: { teamId: true } }),
    db.session.findFirst({ where: { userId }, orderBy: { createdAt: "desc" }, select: { teamId: true } }),
  ]);
  const teams = members.map(({ teamId }) => teamId);
  const wished = [shown, last?.teamId, HOME];
  return (
    teams.find((team) => team === wished.find((id) => teams.some((one) => one === id))) ?? teams[0] ?? null
  );
}

/** Who may come by the provider without having been here: whoever was invited under an address that it has verified. */
async function isInvited({ email, emailVerified }: { email: string; emailVerified: boolean }) {
  const db = await homeDatabase();
  const invitation = await db.invitation.findFirst({ where: { email, userId: null, ...openInvitation() } });
  // False is what keeps better-auth from making somebody.
  return invitation !== null && emailVerified ? undefined : false;
}

async function takeInvitation({ id: userId, email }: { id: string; email: string }) {
  const db = await homeDatabase();
  const invitations = await db.invitation.findMany({ where: { email, userId: null, ...openInvitation() } });
  for (const { teamId, role } of invitations) await recordJoin(userId, teamId, parseRole(role) ?? "viewer");
  await db.$transaction(
    invitations.flatMap(({ id, teamId, role }) => [
      db.member.upsert({
        where: { userId_teamId: { userId, teamId } },
        create: { userId, teamId, role },
        update: { role },
      }),
      db.invitation.update({ where: { id, usedAt: null }, data: { usedAt: new Date() } }),
    ]),
  );
}

/** How somebody signed in, by the path at which better-auth was asked. */
const METHODS = {
  "/sign-in/email": { method: "password" },
  "/two-factor/verify-totp": { method: "password", factor: "totp" },
  "/two-factor/verify-backup-code": { method: "password", factor: "backup_code" },
  "/passkey/verify-authentication": { method: "passkey" },
} as const satisfies Record<string, AuditDetail>;

/** Before there is a session: one that cannot be recorded is not made. */
async function recordSignIn(id: string, team: string, path: string): Promise<void> {
  const detail = METHODS[path as keyof typeof METHODS] ?? ({ method: "provider" } as const);
  if (path === "/sign-in/email") {
    const db = await homeDatabase();
    const { twoFactorEnabled } = await db.user.findUniqueOrThrow({ where: { id } });
    // better-auth makes a session, and takes it back until the second factor is right.
    if (twoFactorEnabled === true) return;
  }
  await runAs(personOf(id, team), () => audit("sign_in", { object: "person", objectId: id, detail }));
}

/** Whom the audit names who is not signed in yet. */
const personOf = (id: string, team: string): Actor => ({
  ...{ kind: "person", id, name: "", email: "", role: "viewer", session: "" },
  team,
});

/** Records that somebody has come to a team by an invitation. */
export const recordJoin = (id: string, team: string, role: Role) =>
  runAs(personOf(id, team), () =>
    audit("person_joined", { object: "person", objectId: id, detail: { role } }),
  );

/** Records that somebody has set a new password by a link. */
export const recordNewPassword = (id: string, team: string) =>
  runAs(personOf(id, team), () => audit("password_changed", { object: "person", objectId: id }));

/**
 * A person has one account with the provider: an address that it gives to somebody else later does not let them in. False is what
 * keeps better-auth from making another.
 */
async function newAccount(account: { userId: string; providerId: string }) {
  if (account.providerId === OIDC) {
    const db = await homeDatabase();
    const where = { userId: account.userId, providerId: OIDC };
    if ((await db.account.findFirst({ where, select: { id: true } })) !== null) return false;
  }
  return withoutTokens(account);
}

/** Tokens of the provider are of no use here, and are not kept. */
const withoutTokens = async (account: object) => ({
  data: { ...account, accessToken: null, refreshToken: null, idToken: null },
});

async function make() {
  const { secret, url } = settings();
  const { OIDC_ISSUER, OIDC_CLIENT_ID = "", OIDC_CLIENT_SECRET, OIDC_NAME } = env();
  const db = await homeDatabase();
  // Without transactions by callback, as lib/server/database/db.ts has it; better-auth then claims a row by deleting it.
  const client = new Proxy(db, {
    get: (target, key) => (key === "$transaction" ? undefined : Reflect.get(target, key)),
  });
  return betterAuth({
    appName: words.app.name,
    baseURL: url,
    basePath: AUTH_PATH,
    secret,
    trustedOrigins: [url],
    database: prismaAdapter(client, { provider: kindOfDatabase() }),
    onAPIError: { errorURL: `${url}${PROVIDER_REFUSED}` },
    telemetry: { enabled: false },
    // Counted in attempts.ts, by the address of the account too.
    rateLimit: { enabled: false },
    logger: {
      level: "error",
      log: (level, message, ...more) =>
        log("error", "sign_in_failed", { level, message: String(message) }, more[0]),
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
    },
    session: {
      // How long the cookie lasts. What the row says is shorter, and moved on by session.ts alone.
      expiresIn: ABSOLUTE_MS / 1000,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
      additionalFields: { teamId: { type: "string", required: false, input: false } },
    },
    account: {
      accountLinking: { enabled: true, disableImplicitLinking: false },
      storeAccountCookie: false,
    },
    advanced: {
      database: { generateId: () => uuidv7() },
      cookiePrefix: cookiePrefix({ url }),
      // better-auth would put __Secure- before its names.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: url.startsWith("https:"), sameSite: "lax", path: "/" },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS] },
    },
    databaseHooks: {
      user: { create: { before: isInvited, after: takeInvitation } },
      account: { create: { before: newAccount }, update: { before: withoutTokens } },
      session: {
        create: {
          before: async (session, context) => {
            const teamId = await teamAtSignIn(session.userId, session.teamId);
            if (teamId === null) return false;
            await recordSignIn(session.userId, teamId, context?.path ?? "");
            return { data: { ...session, teamId, expiresAt: new Date(Date.now() + IDLE_MS) } };
          },
        },
      },
    },
    plugins: [
      twoFactor({ issuer: words.app.name }),
      passkey({
        rpID: new URL(url).hostname,
        rpName: words.app.name,
        origin: url,
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        authentication: {
          // It stands for both factors: something one has, and the fingerprint or PIN that unlocks it.
          afterVerification: async ({ verification }) => {
            if (!verification.authenticationInfo.userVerified) throw new APIError("UNAUTHORIZED");
          },
        },
      }),
      ...(OIDC_ISSUER === undefined
        ? []
        : [
            genericOAuth({
              config: [
                {
                  providerId: OIDC,
                  name: OIDC_NAME,
                  discoveryUrl: `${OIDC_ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`,
                  requireIdTokenVerification: true,
                  clientId: OIDC_CLIENT_ID,
                  clientSecret: OIDC_CLIENT_SECRET,
                  scopes: ["openid", "email", "profile"],
                },
              ],
            }),
          ]),
    ],
  });
}

// The pages and what stands before them are bundled apart: one instance, and one question to the provider, is enough.
const MADE = Symbol.for("cytodesk.sign-in");
const shared = globalThis as { [MADE]?: ReturnType<typeof make> };

/** better-auth, made at the first call; only where sign-in is on. */
export function signIn(): ReturnType<typeof make> {
  shared[MADE] ??= make().catch((error: unknown) => {
    shared[MADE] = undefined;
    throw error;
  });
  return shared[MADE];
}
