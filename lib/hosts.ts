/** Host names answered by default: this machine's own. */
const DEFAULT_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a Host header names us, whatever its port. `allowed` is ALLOWED_HOSTS: host names separated by commas,
 * in place of the defaults; null or malformed headers are refused.
 */
export function isAllowedHost(host: string | null, allowed?: string): boolean {
  const name = /^(\[[\da-f:.]+\]|[a-z\d.-]+)(:\d{1,5})?$/.exec(host?.toLowerCase() ?? "")?.[1];
  const names = (allowed ?? "").split(",").flatMap((entry) => entry.trim().toLowerCase() || []);
  return name !== undefined && (names.length > 0 ? names : DEFAULT_HOSTS).includes(name);
}
