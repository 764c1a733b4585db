import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import type { Role, Scope } from "../lib/access/roles";
import { timeText } from "../lib/time";
import { words } from "../tables/current";
import { askDatabase } from "./database";

/** What makes a request one of a person or a key. */
export type Credentials = Record<string, string>;

const DAY_MS = 86_400_000;
const now = () => timeText(new Date());
const tomorrow = () => timeText(new Date(Date.now() + DAY_MS));

/** Settings of a server on which people sign in, and what its cookies are signed by. */
export const SIGN_IN = { SIGN_IN_SECRET: randomBytes(32).toString("base64") };

/** Adds a team; where it is not "home", its own database is made by the next start or migration. */
export async function addTeam(databaseUrl: string, id: string): Promise<void> {
  await askDatabase(
    databaseUrl,
    `INSERT INTO team (id, name, created_at) VALUES ('${id}', '${id}', '${now()}')`,
  );
}

/** Adds a person who has signed in to a server of `SIGN_IN` at a name without TLS, and gives the cookie. */
export async function addPerson(
  databaseUrl: string,
  { role, team = "home" }: { role: Role; team?: string },
): Promise<Credentials> {
  const id = randomUUID();
  const token = randomBytes(16).toString("hex");
  for (const statement of [
    `INSERT INTO person (id, name, email, email_verified, created_at, updated_at)
      VALUES ('${id}', '${role}', '${id}@example.org', true, '${now()}', '${now()}')`,
    `INSERT INTO member (user_id, team_id, role) VALUES ('${id}', '${team}', '${role}')`,
    `INSERT INTO session (id, token, user_id, team_id, expires_at, created_at, updated_at)
      VALUES ('${id}', '${token}', '${id}', '${team}', '${tomorrow()}', '${now()}', '${now()}')`,
  ]) {
    await askDatabase(databaseUrl, statement);
  }
  const signature = createHmac("sha256", SIGN_IN.SIGN_IN_SECRET).update(token).digest("base64");
  return { Cookie: `${words.app.slug}.session_token=${encodeURIComponent(`${token}.${signature}`)}` };
}

/** Adds a key of a team's and gives its header. */
export async function addKey(
  databaseUrl: string,
  { scope, team = "home", isOver = false }: { scope: Scope; team?: string; isOver?: boolean },
): Promise<Credentials> {
  const key = `${words.app.slug}_${randomBytes(32).toString("base64url")}`;
  const hash = createHash("sha256").update(key).digest("hex");
  const scopes = scope === "predict" ? "read predict" : scope;
  const id = randomUUID();
  await askDatabase(
    databaseUrl,
    `INSERT INTO api_key (id, name, team_id, hash, start, scopes, created_by, created_at, expires_at)
      VALUES ('${id}', '${scope}', '${team}', '${hash}', 'x', '${scopes}', 'x', '${now()}', '${isOver ? now() : tomorrow()}')`,
  );
  return { Authorization: `Bearer ${key}` };
}
