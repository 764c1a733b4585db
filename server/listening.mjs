import { once } from "node:events";
import { createServer } from "node:net";

/**
 * The sockets on which a web process takes its connections.
 * docs/decisions/0033-overload.md
 */

/**
 * Node takes one connection of each socket in a turn of its event loop. Where there is too much to do, a turn is long: by one
 * socket, new connections would wait longer and longer, before server/overload.mjs sees what they ask.
 */
const SOCKETS = 16;
/** Elsewhere than on Linux, connections go to one of several sockets, or there cannot be several. */
const CAN_SHARE = process.platform === "linux";

/**
 * Throws where nothing can listen there, also where another of our own processes does: those let each other in.
 * @param {number} port
 * @param {string} host
 */
export async function checkPort(port, host) {
  const tried = createServer();
  tried.listen({ port, host, exclusive: true });
  await once(tried, "listening");
  tried.close();
  await once(tried, "close");
}

/**
 * Has `server` take the connections at an address, and gives what has to be closed for it to take no more.
 * @param {import("node:http").Server} server tells "listening", or "error" where it cannot
 * @param {{ port: number, host: string }} where
 * @returns {import("node:net").Server[]}
 */
export function listen(server, where) {
  if (!CAN_SHARE) return [server.listen(where)];
  const shared = { ...where, exclusive: true, reusePort: true };
  const own = { allowHalfOpen: true, noDelay: true };
  const others = Array.from({ length: SOCKETS - 1 }, () =>
    createServer(own, (socket) => server.emit("connection", socket)),
  );
  for (const other of others) other.on("error", (error) => server.emit("error", error));
  const all = [...others, server];
  const most = Math.ceil(server.maxConnections / SOCKETS);
  for (const one of all) {
    one.maxConnections = most;
    one.listen(shared);
  }
  return all;
}
