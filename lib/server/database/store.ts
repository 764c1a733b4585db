import "server-only";
import { fail, ok, type Result } from "@/lib/result";
import { type LogFields, log } from "@/lib/server/log";
import { database } from "./db";

/** Why the database did not do what was asked. The cause is in the log already, and is never for the page. */
export type StoreError = { code: "not_saved" | "not_read"; cause: unknown };

type Database = Awaited<ReturnType<typeof database>>;

/** What `read` gives; where it throws, a StoreError that is logged, once, as `event` with `fields`. */
export const reading = <T>(event: string, read: (db: Database) => Promise<T>, fields?: LogFields) =>
  attempt("not_read", event, read, fields);

/** What `write` gives; where it throws, a StoreError that is logged, once, as `event` with `fields`. */
export const writing = <T>(event: string, write: (db: Database) => Promise<T>, fields?: LogFields) =>
  attempt("not_saved", event, write, fields);

async function attempt<T>(
  code: StoreError["code"],
  event: string,
  work: (db: Database) => Promise<T>,
  fields?: LogFields,
): Promise<Result<T, StoreError>> {
  try {
    return ok(await work(await database()));
  } catch (cause) {
    log("error", event, fields, cause);
    return fail({ code, cause });
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
