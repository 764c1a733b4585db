import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FEATURE_KEYS, SAMPLES } from "../tables/current";
import { AppServer } from "../test/app-server";
import { askDatabase } from "../test/database";
import { addPerson, addTeam, type Credentials, SIGN_IN } from "../test/people";
import { createSqlite } from "../test/throwaway";

/** What a server answers, on which people sign in, where what they ask for cannot be recorded. */

const database = createSqlite();
afterAll(() => database.remove());

const FILE = `${FEATURE_KEYS.join()}\n${SAMPLES.map(({ values }) => values.join()).join("\n")}\n`;

describe("a file that is asked for and cannot be recorded", () => {
  let server: AppServer;
  let who: Credentials;
  let batch: string;

  beforeAll(async () => {
    server = await AppServer.start(database.url, SIGN_IN);
    await addTeam(database.url, "home");
    who = await addPerson(database.url, { role: "administrator" });
    const ask = async (path: string, init: RequestInit = {}) => {
      const headers = { ...who, ...init.headers };
      return (await fetch(`${server.url}/api/v1/batches${path}`, { ...init, headers })).json();
    };
    const headers = { "Content-Type": "text/csv" };
    batch = (await ask("?name=cases.csv&start=true", { method: "POST", headers, body: FILE })).id;
    await vi.waitFor(async () => expect((await ask(`/${batch}`)).state).toBe("finished"), 20_000);
    await askDatabase(database.url, "ALTER TABLE audit_entry RENAME TO audit_entry_of_before");
  });
  afterAll(() => server.stop());

  it.each([
    ["the history", () => "/history/export"],
    ["the answers of a batch", () => `/batch/${batch}/export`],
    ["its rows that cannot be read", () => `/batch/${batch}/bad-rows`],
    ["the answers of a batch, by a program", () => `/api/v1/batches/${batch}/results`],
    ["the audit", () => "/audit/export"],
  ])("is refused in a sentence: %s", async (_, path) => {
    const response = await fetch(server.url + path(), { headers: who });
    const text = await response.text();
    expect(text).toMatch(/not (recorded|be used|sent)|Try again/);
    expect(text).not.toContain("audit_entry");
    expect(response.status).toBe(503);
  });
});
