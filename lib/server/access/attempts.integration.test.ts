import { afterAll, expect, it } from "vitest";
import { askDatabase } from "@/test/database";
import { createThrowawayDatabase } from "@/test/throwaway";

/** Tries where several processes count them: in the database. */

const { url, remove } = createThrowawayDatabase();
process.env.DATABASE_URL = url;
process.env.WEB_PROCESSES = "2";
const { homeDatabase } = await import("@/lib/server/database/db");
const { forgiveAttempt, takeAttempt, takeCode } = await import("./attempts");

afterAll(async () => {
  await (await homeDatabase()).$disconnect();
  remove();
});

it("counts tries at once as well as one after the other, and forgives those that did not fail", async () => {
  const waits = await Promise.all(Array.from({ length: 15 }, (_, i) => takeAttempt(`192.0.2.${i}`, "ada")));
  expect(waits.filter((wait) => wait === null)).toHaveLength(10);
  expect(Math.max(...waits.map(Number))).toBe(15 * 60);
  expect(await askDatabase(url, "SELECT points FROM rate_limit WHERE key = 'account:ada'")).toEqual([
    { points: 15 },
  ]);
  await forgiveAttempt("192.0.2.1", "ada");
  expect(await takeAttempt("192.0.2.1", "ada")).toBeNull();
});

it("takes a code once", async () => {
  const taken = await Promise.all(Array.from({ length: 5 }, () => takeCode("ada 123456")));
  expect(taken.filter(Boolean)).toHaveLength(1);
});
