import { createHmac } from "node:crypto";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sqlitePath } from "@/lib/database-url";
import { askDatabase } from "@/test/database";
import { createThrowawayDatabase, runMigrate } from "@/test/throwaway";
import { type Actor, isNotAllowed, runAs } from "./actor";

/** Signing in against a real database: sessions, links, limits, second factors and keys. */

const logged = vi.hoisted(() => vi.fn());
vi.mock("@/lib/server/log", () => ({ log: logged }));

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
process.env.SIGN_IN_SECRET = Buffer.alloc(32, 7).toString("base64");
process.env.PUBLIC_URL = "https://predictions.example.org";
const { homeDatabase } = await import("@/lib/server/database/db");
const { listKeys, makeKey, programOfKey, revokeKey, shownKey } = await import("./api-key");
const { takeAttempt } = await import("./attempts");
const { changePassword } = await import("./own-account");
const { enterByCode, enterByPassword, leave } = await import("./enter");
const { kindOfDatabase } = await import("@/lib/server/database/dialect");
const { databaseUrlOf } = await import("@/lib/server/database/team-database");
const { personOfCookies } = await import("./session");
const { findInvitation, firstLink, makeLink, redeemLink } = await import("./set-up");
const { CLIENT_ADDRESS, signIn } = await import("./sign-in");

const ADA = { email: "ada@example.org", password: "four words of no sense" };
const DAY_MS = 24 * 60 * 60_000;

let addresses = 0;
/** Headers as the door has them, each time of another address, so that no test uses up another's tries. */
const from = (cookies = "", address = `192.0.2.${++addresses}`) =>
  new Headers({ cookie: cookies, "user-agent": "a browser", [CLIENT_ADDRESS]: address });

const tokenOf = (link: string | null) => new URL(link ?? "").searchParams.get("token") ?? "";

/** What a browser sends back of Set-Cookie headers. */
const cookiesOf = (setCookies: readonly string[]) =>
  setCookies
    .map((one) => one.split(";")[0] ?? "")
    .filter((one) => !one.endsWith("="))
    .join("; ");

async function enter(who = ADA): Promise<string> {
  const entered = await enterByPassword(who, from());
  if (!entered.ok) throw new Error(entered.error);
  expect(entered.value.next).toBe("in");
  return cookiesOf(entered.value.cookies);
}

async function makePerson(email: string, role: "viewer" | "predictor" | "administrator" = "viewer") {
  const link = await makeLink({ teamId: "home", role, email });
  const redeemed = await redeemLink(tokenOf(link), { name: "Somebody", email: "", password: ADA.password });
  expect(redeemed).toEqual({ ok: true, value: { email } });
  return { email, password: ADA.password };
}

beforeAll(async () => {
  const link = await firstLink();
  const redeemed = await redeemLink(tokenOf(link), { name: "Ada Lovelace", ...ADA });
  expect(redeemed.ok).toBe(true);
});

afterAll(async () => {
  await (await homeDatabase()).$disconnect();
  remove();
});

describe("the first link", () => {
  it("makes one administrator of the home team, and is then made no more", async () => {
    expect(await firstLink()).toBeNull();
    const rows = await askDatabase(
      url,
      "SELECT team_id, role FROM member JOIN person ON person.id = user_id",
    );
    expect(rows).toContainEqual({ team_id: "home", role: "administrator" });
  });
});

describe("a session", () => {
  it("is a cookie of this host alone, which stands for the person", async () => {
    const entered = await enterByPassword(ADA, from());
    const [cookie = ""] = entered.ok ? entered.value.cookies : [];
    expect(cookie).toMatch(/^__Host-[a-z]+\.session_token=/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"])
      expect(cookie).toContain(attribute);
    expect(cookie).not.toContain("Domain");
    expect(await personOfCookies(`theme=dark; ${cookiesOf([cookie])}`)).toMatchObject({
      ...{ kind: "person", team: "home", role: "administrator", email: ADA.email, name: "Ada Lovelace" },
    });
  });

  it("is nobody's with another signature, or without one", async () => {
    const cookies = await enter();
    const [name = "", value = ""] = cookies.split("=");
    const token = decodeURIComponent(value).split(".")[0] ?? "";
    // 32 letters and digits, each one of 62: 190 bits.
    expect(token).toMatch(/^[A-Za-z0-9]{32}$/);
    const signed = (secret: string) => createHmac("sha256", secret).update(token).digest("base64");
    const given = (signature: string) => `${name}=${encodeURIComponent(`${token}.${signature}`)}`;
    const { SIGN_IN_SECRET: secret = "" } = process.env;
    expect(await personOfCookies(given(signed(secret)))).toMatchObject({ kind: "person" });
    for (const bad of [
      given(signed("another")),
      given(""),
      `${name}=${token}`,
      `${name}=%`,
      name,
      "",
      undefined,
    ]) {
      expect(await personOfCookies(bad)).toBeNull();
    }
  });

  it("has the role of now, and ends with it", async () => {
    const person = await makePerson("role@example.org");
    const cookies = await enter(person);
    const db = await homeDatabase();
    const { id } = await db.user.findUniqueOrThrow({ where: { email: person.email } });
    expect(await personOfCookies(cookies)).toMatchObject({ role: "viewer" });
    await db.member.updateMany({ where: { userId: id }, data: { role: "predictor" } });
    expect(await personOfCookies(cookies)).toMatchObject({ role: "predictor" });
    await db.member.deleteMany({ where: { userId: id } });
    expect(await personOfCookies(cookies)).toBeNull();
    expect(await enterByPassword(person, from())).toMatchObject({
      ok: false,
      error: expect.stringContaining("You belong to no team"),
    });
  });

  it("stands for who the database says now, whoever else changed it", async () => {
    const person = await makePerson("changed@example.org");
    const cookies = await enter(person);
    const who = await personOfCookies(cookies);
    if (who?.kind !== "person") throw new Error("nobody");
    const changes = [
      ["UPDATE person SET name = 'Grace' WHERE id = ?", who.id, { name: "Grace" }],
      ["UPDATE member SET role = 'predictor' WHERE user_id = ?", who.id, { role: "predictor" }],
      ["UPDATE session SET team_id = NULL WHERE id = ?", who.session, null],
      ["UPDATE session SET team_id = 'home' WHERE id = ?", who.session, { team: "home" }],
      ["DELETE FROM member WHERE user_id = ?", who.id, null],
      [
        "INSERT INTO member (user_id, team_id, role) VALUES (?, 'home', 'viewer')",
        who.id,
        { role: "viewer" },
      ],
      ["DELETE FROM session WHERE id = ?", who.session, null],
    ] as const;
    for (const [statement, id, expected] of changes) {
      await askDatabase(url, statement.replace("?", `'${id}'`));
      const found = await personOfCookies(cookies);
      if (expected === null) expect(found, statement).toBeNull();
      else expect(found, statement).toMatchObject(expected);
    }
    const again = await enter(person);
    expect(await personOfCookies(again)).toMatchObject({ role: "viewer" });
    if (kindOfDatabase() === "sqlite") {
      // As the command sqlite3 deletes, which leaves behind what refers to the row.
      const database = new Database(sqlitePath(url));
      database.pragma("foreign_keys = OFF");
      database.prepare("DELETE FROM person WHERE id = ?").run(who.id);
      database.close();
    } else await askDatabase(url, `DELETE FROM person WHERE id = '${who.id}'`);
    expect(await personOfCookies(again)).toBeNull();
  });

  it("is over 8 hours after the last request, 7 days after signing in, and when one signs out", async () => {
    const db = await homeDatabase();
    const change = async (cookies: string, data: object) => {
      const who = await personOfCookies(cookies);
      if (who?.kind !== "person") throw new Error("nobody");
      await db.session.update({ where: { id: who.session }, data });
      return who.session;
    };
    const now = Date.now();
    const idle = await enter();
    const id = await change(idle, {
      updatedAt: new Date(now - 10 * 60_000),
      expiresAt: new Date(now + 10 * 60_000),
    });
    await personOfCookies(idle);
    await vi.waitFor(async () => {
      const { expiresAt } = await db.session.findUniqueOrThrow({ where: { id } });
      expect(expiresAt.getTime()).toBeGreaterThan(now + 7.9 * 60 * 60_000);
    });
    await change(idle, { expiresAt: new Date(now - 1) });
    expect(await personOfCookies(idle)).toBeNull();

    const old = await enter();
    await change(old, { createdAt: new Date(now - 7 * DAY_MS) });
    expect(await personOfCookies(old)).toBeNull();

    const left = await enter();
    const forgotten = await leave(from(left));
    expect(forgotten.join()).toMatch(/session_token=;.*Max-Age=0/);
    expect(await personOfCookies(left)).toBeNull();
  });
});

describe("a password", () => {
  it("changes where the present one is given, to the letter, and ends every other session", async () => {
    const person = await makePerson("changed@example.org");
    const [here, there] = [await enter(person), await enter(person)];
    const who = await personOfCookies(here);
    if (who === null) throw new Error("nobody");
    const change = (current: string, next: string) =>
      runAs(who, () => changePassword({ current, next }, from(here)));
    const next = " Five words, spaces about them ";
    expect((await change(person.password.toUpperCase(), next)).ok).toBe(false);
    expect(await personOfCookies(there)).not.toBeNull();
    const changed = await change(person.password, next);
    if (!changed.ok) throw new Error(changed.error);
    expect(await personOfCookies(there)).toBeNull();
    expect(await personOfCookies(cookiesOf(changed.value))).toMatchObject({ email: person.email });
    for (const password of [person.password, next.trim(), next.toLowerCase()]) {
      expect((await enterByPassword({ ...person, password }, from())).ok).toBe(false);
    }
    await enter({ ...person, password: next });
  });
});

describe("the audit", () => {
  it("has who signed in and how, and who failed to", async () => {
    const person = await makePerson("told@example.org");
    const { id } = await (await homeDatabase()).user.findUniqueOrThrow({ where: { email: person.email } });
    await enter(person);
    await enterByPassword({ ...person, password: "wrong" }, from());
    const rows = await askDatabase<{ act: string; detail: string | null }>(
      url,
      `SELECT act, detail FROM audit_entry WHERE object_id = '${id}' AND act LIKE 'sign_in%' ORDER BY place`,
    );
    expect(rows.map(({ act, detail }) => ({ act, detail: JSON.parse(detail ?? "null") }))).toEqual([
      { act: "sign_in", detail: { method: "password" } },
      { act: "sign_in_failed", detail: null },
    ]);
  });
});

describe("a link", () => {
  it("works once, also where two use it at the same moment", async () => {
    const link = await makeLink({ teamId: "home", role: "viewer", email: "twice@example.org" });
    const token = tokenOf(link);
    expect(await findInvitation(token)).toMatchObject({ email: "twice@example.org", role: "viewer" });
    const given = { name: "Twice", email: "other@example.org", password: ADA.password };
    const redeemed = await Promise.all([redeemLink(token, given), redeemLink(token, given)]);
    expect(redeemed.filter(({ ok }) => ok)).toEqual([{ ok: true, value: { email: "twice@example.org" } }]);
    expect(await findInvitation(token)).toBeNull();
    const rows = await askDatabase(
      url,
      "SELECT id FROM person WHERE email IN ('twice@example.org', 'other@example.org')",
    );
    expect(rows).toHaveLength(1);
  });

  it("is kept as a hash, and runs out", async () => {
    const token = tokenOf(await makeLink({ teamId: "home", role: "viewer", email: "late@example.org" }));
    expect(JSON.stringify(await askDatabase(url, "SELECT * FROM invitation"))).not.toContain(token);
    const db = await homeDatabase();
    await db.invitation.updateMany({ where: { email: "late@example.org" }, data: { expiresAt: new Date() } });
    expect(await findInvitation(token)).toBeNull();
    expect(await redeemLink(token, { name: "", email: "", password: ADA.password })).toMatchObject({
      ok: false,
    });
    expect(await findInvitation("")).toBeNull();
  });

  it("sets a new password, and ends every session", async () => {
    const person = await makePerson("lost@example.org");
    const cookies = await enter(person);
    const db = await homeDatabase();
    const { id: userId } = await db.user.findUniqueOrThrow({ where: { email: person.email } });
    const link = await makeLink({ teamId: "home", role: "viewer", email: person.email, userId });
    const password = "another four words here";
    expect((await redeemLink(tokenOf(link), { name: "", email: "", password })).ok).toBe(true);
    expect(await personOfCookies(cookies)).toBeNull();
    expect((await enterByPassword(person, from())).ok).toBe(false);
    await enter({ ...person, password });
  });

  it("takes no password that anybody would try", async () => {
    const token = tokenOf(await makeLink({ teamId: "home", role: "viewer", email: "weak@example.org" }));
    for (const password of ["short", "password1234", "weak@example.org"]) {
      const redeemed = await redeemLink(token, { name: "Weak", email: "", password });
      expect(redeemed).toMatchObject({ ok: false, error: { password: expect.any(String) } });
    }
  });
});

describe("tries", () => {
  it("are ten an account in 15 minutes, known or not, at once or one after the other, and say the same", async () => {
    const person = await makePerson("tried@example.org");
    for (const email of [person.email, "nobody@example.org"]) {
      const told = await Promise.all(
        Array.from({ length: 12 }, () => enterByPassword({ email, password: "wrong" }, from())),
      );
      const errors = told.map((one) => (one.ok ? "in" : one.error));
      expect(errors.filter((error) => error === "The e-mail address or the password is wrong.")).toHaveLength(
        10,
      );
      expect(new Set(errors.slice(10))).toEqual(
        new Set(["There were too many tries. Try again in 15 minutes."]),
      );
    }
    expect((await enterByPassword(person, from())).ok).toBe(false);
  });

  it("are fifty an address in an hour, of which signing in takes none", async () => {
    const address = "198.51.100.1";
    for (let i = 0; i < 48; i++) expect(await takeAttempt(address)).toBeNull();
    expect((await enterByPassword({ ...ADA, password: "wrong" }, from("", address))).ok).toBe(false);
    expect((await enterByPassword(ADA, from("", address))).ok).toBe(true);
    expect((await enterByPassword(ADA, from("", address))).ok).toBe(true);
    await enterByPassword({ email: "50@example.org", password: "" }, from("", address));
    expect(await enterByPassword(ADA, from("", address))).toMatchObject({
      error: "There were too many tries. Try again in 60 minutes.",
    });
    expect((await enterByPassword(ADA, from())).ok).toBe(true);
  });

  it("take as long for an address that nobody has", async () => {
    const { email } = await makePerson("known@example.org");
    const times: Record<"known" | "unknown", number[]> = { known: [], unknown: [] };
    for (let i = 0; i < 5; i++) {
      for (const kind of ["known", "unknown"] as const) {
        const start = performance.now();
        await enterByPassword(
          { email: kind === "known" ? email : `unknown-${i}@example.org`, password: "wrong" },
          from(),
        );
        times[kind].push(performance.now() - start);
      }
    }
    const median = (of: number[]) => of.sort((a, b) => a - b)[2] ?? 0;
    const ratio = median(times.known) / median(times.unknown);
    // Either hashes once, tens of milliseconds; without that the unknown would take one.
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.67);
  });
});

describe("a second factor", () => {
  it("is asked for, and its codes work once", async () => {
    const person = await makePerson("second@example.org");
    const { api } = await signIn();
    const headers = from(await enter(person));
    const enabled = await api.enableTwoFactor({
      body: { password: person.password, method: "totp" },
      headers,
    });
    if (enabled.method !== "totp") throw new Error("no TOTP");
    const secret = Buffer.from(new URL(enabled.totpURI).searchParams.get("secret") ?? "", "ascii");
    const totp = () => totpOf(secret.toString("ascii"));
    await api.verifyTOTP({ body: { code: totp() }, headers });

    const first = await enterByPassword(person, from());
    if (!first.ok) throw new Error(first.error);
    expect(first.value.next).toBe("second");
    const cookies = cookiesOf(first.value.cookies);
    expect(await personOfCookies(cookies)).toBeNull();
    expect(await enterByCode("000000", from(cookies))).toMatchObject({ ok: false });
    const code = totp();
    const second = await enterByCode(code, from(cookies));
    if (!second.ok) throw new Error(second.error);
    expect(await personOfCookies(cookiesOf(second.value.cookies))).toMatchObject({ email: person.email });

    const again = await enterByPassword(person, from());
    const cookiesAgain = again.ok ? cookiesOf(again.value.cookies) : "";
    expect(await enterByCode(code, from(cookiesAgain))).toMatchObject({ ok: false });

    const [backup = ""] = enabled.backupCodes ?? [];
    const third = await enterByPassword(person, from());
    const byBackup = await enterByCode(backup, from(third.ok ? cookiesOf(third.value.cookies) : ""));
    expect(byBackup.ok).toBe(true);
    const fourth = await enterByPassword(person, from());
    const twice = await enterByCode(backup, from(fourth.ok ? cookiesOf(fourth.value.cookies) : ""));
    expect(twice.ok).toBe(false);
    expect(await enterByCode(code, from())).toMatchObject({
      error: expect.stringContaining("Sign in again"),
    });

    const db = await homeDatabase();
    const { id: userId } = await db.user.findUniqueOrThrow({ where: { email: person.email } });
    const link = await makeLink({ teamId: "home", role: "viewer", email: person.email, userId });
    const password = "another four words here";
    await redeemLink(tokenOf(link), { name: "", email: "", password });
    expect(await enterByPassword({ ...person, password }, from())).toMatchObject({
      value: { next: "second" },
    });
  });
});

/** RFC 6238 of a secret in base32, now. */
function totpOf(base32: string): string {
  const bits = [...base32.replaceAll("=", "")]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}

describe("a key", () => {
  const administrator: Actor = {
    ...{ kind: "person", id: "1", name: "A", email: "a@example.org", role: "administrator" },
    ...{ team: "home", session: "1" },
  };

  it("acts for the team that it was made for, within its scopes, until it runs out or is revoked", async () => {
    const { id, key } = await runAs(administrator, () => makeKey("A pipeline", ["read"], 30));
    expect(key).toMatch(/^[a-z]+_[\w-]{43}$/);
    expect(await programOfKey(key)).toEqual({
      kind: "key",
      id,
      name: "A pipeline",
      team: "home",
      scopes: ["read"],
    });
    expect(JSON.stringify(await askDatabase(url, "SELECT * FROM api_key"))).not.toContain(key);
    const [listed] = await runAs(administrator, listKeys);
    expect(listed).toMatchObject({ id, start: key.slice(0, key.indexOf("_") + 7), scopes: "read" });
    expect(JSON.stringify(listed)).not.toMatch(/hash/);
    const db = await homeDatabase();
    await vi.waitFor(async () => {
      const { lastUsedAt } = await db.apiKey.findUniqueOrThrow({ where: { id } });
      expect(lastUsedAt?.getTime()).toBeGreaterThan(Date.now() - DAY_MS);
    });
    runMigrate("deploy", databaseUrlOf("another"));
    expect(await runAs({ ...administrator, team: "another" }, () => revokeKey(id))).toBe(false);
    expect(await programOfKey(key)).not.toBeNull();
    expect(await runAs(administrator, () => revokeKey(id))).toBe(true);
    expect(await programOfKey(key)).toBeNull();

    const late = await runAs(administrator, () => makeKey("Late", ["read", "predict"], 1));
    await db.apiKey.update({ where: { id: late.id }, data: { expiresAt: new Date() } });
    expect(await programOfKey(late.key)).toBeNull();
    expect(await programOfKey(`${key.slice(0, -1)}!`)).toBeNull();
  });

  it("is made by administrators alone", async () => {
    for (const role of ["viewer", "predictor"] as const) {
      const refused = await runAs({ ...administrator, role }, () => makeKey("x", ["read"], 1)).catch(
        (e) => e,
      );
      expect(isNotAllowed(refused)).toBe(true);
    }
  });

  it("is shown by either header", () => {
    expect(shownKey({ authorization: "Bearer abc" })).toBe("abc");
    expect(shownKey({ authorization: "bearer  abc" })).toBe("abc");
    expect(shownKey({ "x-api-key": "abc", authorization: "Bearer other" })).toBe("abc");
    expect(shownKey({ cookie: "a=b" })).toBeNull();
  });
});
