import "server-only";
import { RateLimiterMemory, RateLimiterPrisma, type RateLimiterRes } from "rate-limiter-flexible";
import { homeDatabase } from "@/lib/server/database/db";
import { env } from "@/lib/server/env";

/**
 * How often signing in may fail: by the account that is tried, whether it exists or not, and by the address from where. In the
 * database where several processes have to know; else in this process.
 */

const OF_ACCOUNT = { keyPrefix: "account", points: 10, duration: 15 * 60 };
/** A TOTP code is valid for up to 90 seconds. */
const OF_CODE = { keyPrefix: "code", points: 1, duration: 90 };
const OF_ADDRESS = { keyPrefix: "address", points: 50, duration: 60 * 60 };

async function make() {
  const { WEB_PROCESSES, REPLICAS } = env();
  if (WEB_PROCESSES === 1 && REPLICAS === 1)
    return {
      account: new RateLimiterMemory(OF_ACCOUNT),
      address: new RateLimiterMemory(OF_ADDRESS),
      code: new RateLimiterMemory(OF_CODE),
    };
  const store = { storeClient: await homeDatabase(), tableName: "rateLimiterFlexible" };
  return {
    account: new RateLimiterPrisma({ ...OF_ACCOUNT, ...store }),
    address: new RateLimiterPrisma({ ...OF_ADDRESS, ...store }),
    code: new RateLimiterPrisma({ ...OF_CODE, ...store }),
  };
}

// The pages and what stands before them are bundled apart, and count together.
const MADE = Symbol.for("cytodesk.attempts");
const shared = globalThis as { [MADE]?: ReturnType<typeof make> };

function limiters() {
  shared[MADE] ??= make().catch((error: unknown) => {
    shared[MADE] = undefined;
    throw error;
  });
  return shared[MADE];
}

/**
 * Takes one try off what an account, and an address, have left; the seconds until there is one again where there is none. It is
 * taken before the password is looked at, so that many tries at once are no more than one after the other.
 */
export async function takeAttempt(address: string, account?: string): Promise<number | null> {
  const { account: ofAccount, address: ofAddress } = await limiters();
  const taken = [
    () => ofAddress.consume(address),
    ...(account === undefined ? [] : [() => ofAccount.consume(account)]),
  ];
  for (const take of taken) {
    try {
      await take();
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      return Math.ceil((refused as RateLimiterRes).msBeforeNext / 1000);
    }
  }
  return null;
}

/** Whether a person's code is used for the first time: whoever saw it being typed does not come in by it. */
export async function takeCode(name: string): Promise<boolean> {
  const { code } = await limiters();
  return code.consume(name).then(
    () => true,
    (refused: unknown) => {
      if (refused instanceof Error) throw refused;
      return false;
    },
  );
}

/** Gives both back what a try took that did not fail; the account has all of its tries again. */
export async function forgiveAttempt(address: string, account?: string): Promise<void> {
  const { account: ofAccount, address: ofAddress } = await limiters();
  await ofAddress.reward(address);
  if (account !== undefined) await ofAccount.delete(account);
}
