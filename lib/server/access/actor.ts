import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { type Permission, type Role, roleMay, type Scope } from "@/lib/access/roles";
import { NOT_ALLOWED } from "@/lib/not-allowed";
import { env } from "@/lib/server/env";
import { log } from "@/lib/server/log";

/**
 * Who is asking. server/serve.mjs finds that out once for each request and runs the request in it, so that every function
 * of lib/server can ask, whatever door it was called through.
 */

/** A team, whose history nobody else sees. Its id is part of file names: lower-case letters, digits and hyphens. */
export type Team = { id: string; name: string };

/** The first team, which is there without sign-in too; accounts are kept in its database. */
export const HOME = "home";

export type Actor = { team: string } & (
  | /** Without sign-in: whoever sits at this machine. */ { kind: "local" }
  | { kind: "person"; id: string; name: string; email: string; role: Role; session: string }
  | { kind: "key"; id: string; name: string; scopes: readonly Scope[] }
  /** What this application does by itself. */
  | { kind: "system" }
);

/** What one request is asked by: who, and the id by which its lines in the log and in the audit are found. */
type Asking = { actor: Actor; requestId: string };

// Pages and the API are bundled apart, so that a module variable would be one for each.
const STORE = Symbol.for("cytodesk.asking");
const shared = globalThis as { [STORE]?: AsyncLocalStorage<Asking> };
shared[STORE] ??= new AsyncLocalStorage();
const store = shared[STORE];

/** Whether people have to sign in. */
export const asksForSignIn = () => env().SIGN_IN_SECRET !== undefined;

const LOCAL: Actor = { kind: "local", team: HOME };

/** Nobody is signed in, or what they ask for is not theirs to do; the message is a sentence for them. */
export class NotAllowed extends Error {
  override readonly name = "NotAllowed";
}

/** Next compiles a class once for each of its bundles, so that `instanceof` would not find it. */
export const isNotAllowed = (error: unknown): error is NotAllowed =>
  error instanceof Error && error.name === "NotAllowed";

/** Who is asking. Throws NotAllowed where nobody is signed in, but has to be. */
export function actor(): Actor {
  const asking = store.getStore();
  if (asking !== undefined) return asking.actor;
  if (asksForSignIn()) throw new NotAllowed("Nobody is signed in.");
  return LOCAL;
}

/** Who is asking, or null: nobody may be signed in, as on the page where one does that. */
export function whoAsks(): Actor | null {
  try {
    return actor();
  } catch (error) {
    if (isNotAllowed(error)) return null;
    throw error;
  }
}

/** The id of a person or of a key; null of those that have none. */
export const idOf = (who: Actor): string | null => ("id" in who ? who.id : null);

/** The person who is signed in; null where nobody is, or nobody has to be. */
export function askingPerson(): (Actor & { kind: "person" }) | null {
  const who = store.getStore()?.actor;
  return who?.kind === "person" ? who : null;
}

/** The id of the request that is being answered; null outside one. */
export const askedAs = (): string | null => store.getStore()?.requestId ?? null;

/** Runs `work` as what `who` asks for; all that it starts is asked by them too. */
export const runAs = <T>(who: Actor, work: () => T, requestId: string = crypto.randomUUID()): T =>
  store.run({ actor: who, requestId }, work);

/** Runs `work` as what the application does by itself for a team. */
export const runForTeam = <T>(team: string, work: () => T): T => runAs({ kind: "system", team }, work);

/** Whether who asks may do this. */
export function may(permission: Permission, who: Actor = actor()): boolean {
  if (who.kind === "person") return roleMay(who.role, permission);
  if (who.kind === "key") return who.scopes.some((scope) => scope === permission);
  return true;
}

/** Who is asking; throws NotAllowed where they may not do this, and logs that they tried. */
export function requireRight(permission: Permission): Actor {
  const who = actor();
  if (!may(permission, who)) {
    log("warn", "not_allowed", { permission, team: who.team, kind: who.kind, id: idOf(who) });
    throw new NotAllowed(NOT_ALLOWED[permission]);
  }
  return who;
}
