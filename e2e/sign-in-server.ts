import { AppServer } from "../test/app-server";
import { SIGN_IN } from "../test/people";
import { createThrowawayDatabase } from "../test/throwaway";
import { test as base } from "./fixtures";

/** Tests of a server in which people sign in, and nobody can yet; those of one file share it. */
export const test = base.extend<object, { signInServer: AppServer }>({
  signInServer: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
    async ({}, use) => {
      const database = createThrowawayDatabase();
      const server = await AppServer.start(database.url, SIGN_IN);
      await use(server);
      await server.stop();
      database.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ signInServer }, use) => use(signInServer.publicUrl),
});

export const ADA = { name: "Ada Lovelace", email: "ada@example.org", password: "four words of no sense" };

/** The path of the link that the server prints for its first administrator; empty before it has. */
export const firstLink = ({ log }: AppServer) => /\/set-up\?token=[\w-]+/.exec(log)?.[0] ?? "";
