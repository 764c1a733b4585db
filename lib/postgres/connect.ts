import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import type { Client, Pool, PoolClient, PoolConfig } from "pg";
import { hasLogin } from "../database-url";
import { LoginSecret } from "./secret";

/**
 * Connections to PostgreSQL, by everything that makes one: with user and password of the DATABASE_URL, or of the secret
 * that DATABASE_SECRET names.
 */

let secret: LoginSecret | undefined;

/** The secret with which this address is opened; null where it has a user of its own, or none is named. */
function secretFor(url: string): LoginSecret | null {
  const name = process.env.DATABASE_SECRET;
  if (!name || hasLogin(url)) return null;
  const region = process.env.AWS_REGION;
  if (!region) throw new Error("DATABASE_SECRET needs AWS_REGION, the region of the secret.");
  secret ??= new LoginSecret(name, region);
  return secret;
}

/** The driver asks for the password at each new connection. The user stays: RDS's rotation replaces the password alone. */
async function withLogin(url: string, options: PoolConfig, from: LoginSecret): Promise<PoolConfig> {
  const { parseIntoClientConfig } = await import("pg-connection-string");
  const { username } = await from.login();
  const password = async () => (await from.login()).password;
  return { ...parseIntoClientConfig(url), ...options, user: username, password };
}

/** For 7 to 10 seconds: the database has the new password a moment before the secret says so. */
const untilItIsKnown = retry(handleWhen(isRefused), {
  maxAttempts: 8,
  backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 3_000 }),
});

function isRefused(error: Error): boolean {
  return "code" in error && error.code === "28P01";
}

/** What `connect` makes, again with what the secret then says where the password was refused. */
function connecting<T>(connect: () => Promise<T>, from: LoginSecret): Promise<T> {
  return untilItIsKnown.execute(async () => {
    try {
      return await connect();
    } catch (error) {
      if (error instanceof Error && isRefused(error)) from.forget();
      throw error;
    }
  });
}

/** A client that is connected. */
export async function connectClient(url: string, options: PoolConfig = {}): Promise<Client> {
  // Not for SQLite, whose threads are smaller without it.
  const { Client } = await import("pg");
  const open = async (settings: PoolConfig) => {
    const client = new Client(settings);
    await client.connect();
    return client;
  };
  const from = secretFor(url);
  if (from === null) return open({ ...options, connectionString: url });
  const settings = await withLogin(url, options, from);
  return connecting(() => open(settings), from);
}

type Connected = (error: Error | undefined, client: PoolClient | undefined, done: () => void) => void;

/** A pool, which opens its first connection when it is asked for something. */
export async function openPool(url: string, options: PoolConfig = {}): Promise<Pool> {
  const { Pool } = await import("pg");
  const from = secretFor(url);
  return from === null
    ? new Pool({ ...options, connectionString: url })
    : new (againWhereRefused(Pool, from))(await withLogin(url, options, from));
}

const againWhereRefused = (Plain: typeof Pool, from: LoginSecret) =>
  class extends Plain {
    override connect(): Promise<PoolClient>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<PoolClient> | undefined {
      const connected = connecting(() => super.connect(), from);
      if (callback === undefined) return connected;
      connected.then(
        (client) => callback(undefined, client, (error?: Error | boolean) => client.release(error)),
        (error: Error) => callback(error, undefined, () => {}),
      );
    }
  };

const UNTRUSTED = new Set([
  ...["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  ...["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_GET_ISSUER_CERT", "CERT_SIGNATURE_FAILURE"],
]);

/** Why a connection cannot be used, as a person who has to mend it reads it. */
export function connectionFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  if (UNTRUSTED.has(code))
    return `Its certificate is of no authority that is trusted here (${error.message}): name the authority's file by sslrootcert=… in DATABASE_URL.`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `Its certificate is of another host than DATABASE_URL names (${error.message}).`;
  const isOfSecret = code === "28P01" && process.env.DATABASE_SECRET;
  return isOfSecret
    ? `${error.message}: it refuses what the secret of DATABASE_SECRET says, also when that was asked for again.`
    : error.message;
}
