import { networkInterfaces } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { OPEN_TO_ALL } from "../lib/server/exposure";
import { AppServer } from "../test/app-server";
import { isBrief } from "../test/brief";
import { createSqlite } from "../test/throwaway";

const database = createSqlite();
afterAll(() => database.remove());

const PAGES = ["/", "/?sample=benign", "/history", "/batch", "/model", "/path", "/api-docs", "/nothing-here"];

/** What differs from one exposure to the next, seen from outside. */
async function seenAt(settings: Record<string, string>) {
  const server = await AppServer.start(database.url, settings);
  try {
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(server.url + path, { headers });
      return response.text();
    };
    const hasBanner = async (path: string) => (await get(path)).includes(OPEN_TO_ALL);
    const shown = await Promise.all(PAGES.map(hasBanner));
    const bannerOn = PAGES.filter((_, at) => shown[at]);
    const health = JSON.parse(await get("/api/health")) as { warnings?: string[] };
    const elsewhere = await fetch(server.url, { headers: { "X-Forwarded-Host": "cases.example" } });
    await elsewhere.arrayBuffer();
    return {
      announced: /is at (\S+)/.exec(server.log)?.[1],
      url: server.url,
      bannerOn,
      warnings: health.warnings,
      isLogged: server.log.includes('"event":"exposed"'),
      elsewhere: elsewhere.status,
      router: await get("/", { RSC: "1" }),
    };
  } finally {
    await server.stop();
  }
}

describe("a server", () => {
  it("on loopback is as it ever was", async () => {
    const seen = await seenAt({});
    expect(seen).toMatchObject({ announced: seen.url, bannerOn: [], isLogged: false, elsewhere: 421 });
    expect(seen).not.toHaveProperty("warnings", expect.anything());
  });

  it.skipIf(isBrief)("at another address of loopback is reached by that", async () => {
    const seen = await seenAt({ BIND_ADDRESS: "127.0.0.2" });
    expect(seen).toMatchObject({ announced: seen.url, bannerOn: [], isLogged: false });
  });

  it("that others reach and in which nobody signs in says so on every page, in health and in its log", async () => {
    const seen = await seenAt({ BIND_ADDRESS: "0.0.0.0", INSECURE_NO_AUTH: "1" });
    expect(seen).toMatchObject({ bannerOn: PAGES, warnings: [OPEN_TO_ALL], isLogged: true, elsewhere: 421 });
    // Also for Next's router, which keeps what it was given for a page.
    expect(seen.router).toContain(OPEN_TO_ALL);
  });

  it.skipIf(isBrief)(
    "behind a proxy without sign-in warns in health and in its log, and shows no banner",
    async () => {
      const seen = await seenAt({ ALLOWED_HOSTS: "cases.example,localhost,127.0.0.1" });
      expect(seen).toMatchObject({ bannerOn: [], isLogged: true, elsewhere: 200 });
      expect(seen.warnings?.[0]).toContain("cases.example");
    },
  );

  const lan = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === "IPv4" && !one.internal)?.address;
  it.skipIf(isBrief || lan === undefined)(
    "at an address of the network is announced by it, and says that it is open",
    async () => {
      const open = { BIND_ADDRESS: lan ?? "", INSECURE_NO_AUTH: "1" };
      const seen = await seenAt({ ...open, ALLOWED_HOSTS: `localhost,${lan}` });
      expect(seen).toMatchObject({ announced: seen.url, bannerOn: PAGES, warnings: [OPEN_TO_ALL] });
    },
  );
});
