import "server-only";
import { teamDatabaseUrl } from "@/lib/database-url";
import { actor, HOME } from "@/lib/server/access/actor";
import { env } from "@/lib/server/env";

/**
 * A team's predictions, batches and settings are in a database of their own: what is not in it cannot be found by any
 * filter that somebody forgot. docs/decisions/0029-a-database-for-each-team.md
 */

/** The DATABASE_URL of a team: the configured one for the home team, for others a file or a schema beside it. */
export function databaseUrlOf(team: string): string {
  const { DATABASE_URL } = env();
  return team === HOME ? DATABASE_URL : teamDatabaseUrl(DATABASE_URL, team);
}

/** The DATABASE_URL of the team that asks. Throws NotAllowed where nobody is signed in, but has to be. */
export const databaseUrl = (): string => databaseUrlOf(actor().team);
