import "server-only";
import type { Permission } from "@/lib/access/roles";
import { fail, ok, type Result } from "@/lib/result";
import { isNotAllowed, type NotAllowed, requireRight } from "@/lib/server/access/actor";
import { type LogFields, log } from "@/lib/server/log";
import { measured } from "@/lib/server/metrics/metrics";
import { DatabaseDamaged, damageOf, noteDamage } from "./damage";
import { database } from "./db";

/**
 * Why the database did not do what was asked: it could not, which is in the log already and never for the page, or who
 * asks may not have it. "unknown": it failed where a change may have been kept all the same. "read_only": the file is
 * damaged, which the cause's message says to a person.
 */
export type StoreError =
  | { code: "not_saved" | "not_read" | "unknown"; cause: unknown }
  | { code: "read_only"; cause: DatabaseDamaged }
  | NotAllowedError;
export type NotAllowedError = { code: "not_allowed"; cause: NotAllowed };

type Database = Awaited<ReturnType<typeof database>>;

/**
 * What `read` gives for who has the `right`; where it throws, a StoreError that is logged, once, as `event` with `fields`.
 * All access to a team's rows is through here or `writing`, so that no door can forget to ask.
 */
export const reading = <T>(
  event: string,
  read: (db: Database) => Promise<T>,
  fields?: LogFields,
  right: Permission = "read",
) => attempt("not_read", event, read, fields, right);

/** What `write` gives, in the same way. */
export const writing = <T>(
  event: string,
  write: (db: Database) => Promise<T>,
  fields?: LogFields,
  right: Permission = "predict",
) => attempt("not_saved", event, write, fields, right);

/** The same, for what only administrators may: what deletes for ever, or says what will be deleted by itself. */
export const administering = <T>(event: string, write: (db: Database) => Promise<T>, fields?: LogFields) =>
  writing(event, write, fields, "administer");

async function attempt<T>(
  code: "not_saved" | "not_read",
  event: string,
  work: (db: Database) => Promise<T>,
  fields: LogFields | undefined,
  right: Permission,
): Promise<Result<T, StoreError>> {
  const metrics = code === "not_saved" ? measured() : null;
  const started = metrics === null ? 0 : performance.now();
  const count = (outcome: string) =>
    metrics?.writes.observe({ outcome }, (performance.now() - started) / 1000);
  try {
    requireRight(right);
    const damage = code === "not_saved" ? damageOf() : null;
    if (damage !== null) return fail({ code: "read_only", cause: new DatabaseDamaged(damage) });
    const done = await work(await database());
    count("done");
    return ok(done);
  } catch (cause) {
    count(isNotAllowed(cause) ? "not_allowed" : "failed");
    if (isNotAllowed(cause)) return fail({ code: "not_allowed", cause });
    log("error", event, fields, cause);
    noteDamage(cause);
    return fail({ code: code === "not_saved" && mayBeKept(cause) ? "unknown" : code, cause });
  }
}

/**
 * SQLite's disk that failed as a transaction was to reach it, the thread that ended before it said whether there is one, and
 * PostgreSQL's connection that was lost before that. By their words: a thread passes on no code, and Prisma has one for more than this.
 */
const UNKNOWN =
  /disk I\/O error|Worker terminated|Connection terminated|Server has closed the connection|terminating connection/i;
const mayBeKept = (cause: unknown): boolean =>
  cause instanceof Error && (UNKNOWN.test(cause.message) || mayBeKept(cause.cause));

/** Why who asks may not do what needs a right, before it is begun; null where they may. */
export function refusalOf(right: Permission): NotAllowedError | null {
  try {
    requireRight(right);
    return null;
  } catch (cause) {
    if (isNotAllowed(cause)) return { code: "not_allowed", cause };
    throw cause;
  }
}

/** Prisma's codes for a row that is not as it was read: made meanwhile, or changed or deleted meanwhile. */
const OVERTAKEN: readonly unknown[] = ["P2002", "P2025"];

/**
 * Runs `attempt` until no other request has changed meanwhile what it had read; throws the last of `tries` failures.
 * An attempt reads, then writes in one transaction whose `update` names what was read, and so fails where that is gone.
 */
export async function retryOvertaken<T>(tries: number, attempt: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !(error instanceof Error && "code" in error && OVERTAKEN.includes(error.code))) {
        throw error;
      }
    }
  }
}
