import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import Database from "better-sqlite3";
import { parseRole } from "@/lib/access/roles";
import { sqlitePath } from "@/lib/database-url";
import { homeDatabase } from "@/lib/server/database/db";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { assertSameFile, type FileIdentity, fileAt } from "@/lib/server/database/file";
import { databaseUrlOf } from "@/lib/server/database/team-database";
import { env } from "@/lib/server/env";
import { log } from "@/lib/server/log";
import { type Actor, HOME } from "./actor";
import { ABSOLUTE_MS, cookiePrefix, IDLE_MS } from "./sign-in";

/**
 * Who a browser's cookie stands for. better-auth would tell it too: its getSession took 0.96 ms at the median where one
 * statement of session, person and role together took 0.24 by Prisma, on a busy machine with two cores and SQLite. Each request
 * asks, and a save takes 2.5 ms.
 */

/** How old a session's last request may be before it is written down again. */
const NOTED_EVERY_MS = 5 * 60_000;

type Row = {
  id: string;
  createdAt: Date | string;
  updatedAt: Date | string;
  expiresAt: Date | string;
  userId: string;
  teamId: string;
  name: string;
  email: string;
  role: string;
};

const SELECT = `
  SELECT s.id, s.created_at AS "createdAt", s.updated_at AS "updatedAt", s.expires_at AS "expiresAt",
         s.user_id AS "userId", s.team_id AS "teamId", p.name, p.email, m.role
  FROM session s
  JOIN person p ON p.id = s.user_id
  JOIN member m ON m.user_id = s.user_id AND m.team_id = s.team_id
  WHERE s.token =`;

type Reader = {
  mark: Database.Statement<[], string>;
  row: Database.Statement<[string], Row>;
  path: string;
  file: FileIdentity;
  /** The rows that were read while the mark was `at`, by their token. */
  kept: Map<string, Row>;
  at: string | undefined;
};
let reader: Reader | undefined;

/**
 * From a SQLite file, by statements that are kept: Prisma prepares one each time. SQLite drops the pages that a reader has in
 * memory whenever somebody has written, as with each save, and the row is on seven of them; so it is read again only where the
 * mark, on three, is another. Triggers change it with each session, person and member that is changed or gone
 * (prisma/migrations/sqlite/20261127050000_access_mark).
 */
function rowOfFile(token: string): Row | undefined {
  reader ??= openReader();
  const at = reader.mark.get();
  if (at !== reader.at) Object.assign(reader, { at, kept: new Map() });
  const row = reader.kept.get(token) ?? reader.row.get(token);
  assertSameFile(reader.path, reader.file);
  if (row !== undefined) reader.kept.set(token, row);
  return row;
}

function openReader(): Reader {
  const path = sqlitePath(databaseUrlOf(HOME));
  const database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  const mark = database.prepare<[], string>("SELECT value FROM setting WHERE name = 'access_mark'").pluck();
  const row = database.prepare<[string], Row>(`${SELECT} ?`);
  return { mark, row, path, file: fileAt(path), kept: new Map(), at: undefined };
}

/** A reader waits for nobody but whoever recovers the file. */
const BUSY_MS = 1_000;

/** The person whom the cookies of a request stand for; null where they stand for none. */
export async function personOfCookies(cookies: string | undefined): Promise<Actor | null> {
  const token = tokenOf(cookies);
  if (token === null) return null;
  const db = await homeDatabase();
  const row =
    kindOfDatabase() === "sqlite"
      ? rowOfFile(token)
      : (await db.$queryRawUnsafe<Row[]>(`${SELECT} $1`, token))[0];
  const now = Date.now();
  const role = parseRole(row?.role ?? "");
  if (row === undefined || role === null) return null;
  const end = new Date(row.createdAt).getTime() + ABSOLUTE_MS;
  if (new Date(row.expiresAt).getTime() <= now || end <= now) return null;
  if (now - new Date(row.updatedAt).getTime() > NOTED_EVERY_MS) {
    // Nobody waits for it: where it fails, the next request does it.
    db.session
      .updateMany({
        where: { id: row.id },
        data: { updatedAt: new Date(now), expiresAt: new Date(Math.min(now + IDLE_MS, end)) },
      })
      .catch((error: unknown) => log("warn", "session_not_noted", {}, error));
  }
  const { userId, teamId, name, email, id } = row;
  return { kind: "person", id: userId, team: teamId, name, email, role, session: id };
}

/** The token of the session cookie, where its signature is ours: HMAC-SHA256 of it, in base64, as better-auth signs. */
function tokenOf(cookies: string | undefined): string | null {
  if (cookies === undefined) return null;
  const start = `${cookiePrefix()}.session_token=`;
  const cookie = cookies.split(/; */).find((one) => one.startsWith(start));
  if (cookie === undefined) return null;
  const known = verified.get(cookie);
  if (known !== undefined) return known;
  const [, token, signature] = SIGNED.exec(decoded(cookie.slice(start.length))) ?? [];
  if (token === undefined || signature === undefined) return null;
  const ours = createHmac("sha256", env().SIGN_IN_SECRET ?? "")
    .update(token)
    .digest();
  const theirs = Buffer.from(signature, "base64");
  if (theirs.length !== ours.length || !timingSafeEqual(ours, theirs)) return null;
  if (verified.size >= MOST_VERIFIED) verified.clear();
  verified.set(cookie, token);
  return token;
}

/** Cookies whose signature is ours, with their token: a browser sends the same one each time. Whether it stands for somebody is asked anew. */
const verified = new Map<string, string>();
const MOST_VERIFIED = 1_000;

const SIGNED = /^([A-Za-z0-9]{32})\.([A-Za-z0-9+/]{43}=)$/;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
