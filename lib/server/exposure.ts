import "server-only";
import { type Env, env, isLoopbackAddress, isLoopbackName } from "./env";

/** Who can reach this server, and by which names: what follows from where it listens and from whether people sign in. */

type Settings = Pick<
  Env,
  "ALLOWED_HOSTS" | "BIND_ADDRESS" | "INSECURE_NO_AUTH" | "PORT" | "PUBLIC_URL" | "SIGN_IN_SECRET"
>;

/** Whether a host name is one by which only this machine reaches itself. */
export const isOfThisMachine = (host: string) => isLoopbackName(host) || /^127(?:\.\d{1,3}){3}$/.test(host);

const inUrl = (address: string) => (address.includes(":") ? `[${address}]` : address);

/**
 * The host names that are answered: those of ALLOWED_HOSTS, that of PUBLIC_URL, and an address of this machine alone. Another
 * address has to be allowed by name, as every name by which others come.
 */
function hostsOf({ ALLOWED_HOSTS, BIND_ADDRESS, PUBLIC_URL }: Settings): string[] {
  const own = isLoopbackAddress(BIND_ADDRESS) ? [inUrl(BIND_ADDRESS)] : [];
  const given = PUBLIC_URL === undefined ? [] : [new URL(PUBLIC_URL).hostname];
  return [...new Set([...ALLOWED_HOSTS, ...given, ...own])];
}

/** The address that people can open. */
function addressOf(settings: Settings): string {
  if (settings.PUBLIC_URL !== undefined) return settings.PUBLIC_URL;
  const hosts = hostsOf(settings);
  const bound = inUrl(settings.BIND_ADDRESS);
  // A name that others can use before one of this machine.
  const named = hosts.find((host) => !isOfThisMachine(host)) ?? hosts[0];
  return `http://${hosts.includes(bound) ? bound : named}:${settings.PORT}`;
}

/** Whether people sign in. */
const hasSignIn = ({ SIGN_IN_SECRET }: Settings) => SIGN_IN_SECRET !== undefined;

/** Whether others reach this server and nobody is asked who they are. */
const isOpen = (settings: Settings) => !isLoopbackAddress(settings.BIND_ADDRESS) && !hasSignIn(settings);

export const OPEN_TO_ALL = "Anybody who reaches this address can read and change everything here.";

/** What whoever runs this server should know of it, as sentences. */
export function warningsOf(settings: Settings): string[] {
  if (hasSignIn(settings)) return [];
  if (isOpen(settings)) return [OPEN_TO_ALL];
  const others = settings.ALLOWED_HOSTS.filter((host) => !isOfThisMachine(host));
  if (others.length === 0) return [];
  return [
    `ALLOWED_HOSTS names ${others.join(", ")}, and nobody signs in: whoever the proxy lets through can read and change everything here.`,
  ];
}

/** Whether each page has to say so; none does while pages are made, which are the same wherever they are served. */
export const isOpenToAll = () => process.env.NEXT_PHASE !== "phase-production-build" && isOpen(env());

/** The same for server/serve.mjs. */
export const exposureOf = (settings: Settings) => ({
  hosts: hostsOf(settings),
  address: addressOf(settings),
  isOpenToAll: isOpen(settings),
});
