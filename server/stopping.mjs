/**
 * The end of a server that is asked to stop: no new connections, an answer to all that was asked, then the process ends.
 * docs/reliability.md
 */

/** What asks a process to stop: a service manager, Ctrl-C, a terminal that is closed. */
const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"];

/** Service managers kill after ten seconds or more; what takes longer, such as a large export, is broken off before. */
const LONGEST_MS = 8_000;
const LOOK_EVERY_MS = 50;

/**
 * Ends this process in that way at the first of the signals. The same one may come several times: to the whole group of
 * processes, and once more from each process above.
 * @param {import("node:http").Server} server
 * @param {import("node:net").Server[]} listening what takes connections for it
 */
export function stopWhenAsked(server, listening) {
  let inFlight = 0;
  server.on("request", (_, response) => {
    inFlight++;
    response.on("close", () => {
      inFlight--;
    });
  });
  const stop = () => {
    if (!server.listening) return;
    const latest = performance.now() + LONGEST_MS;
    for (const one of listening) one.close();
    // Not by the event of the last connection: a browser keeps some open that it has never asked anything on.
    setInterval(() => {
      server.closeIdleConnections();
      if (inFlight > 0 && performance.now() < latest) return;
      if (inFlight > 0)
        console.error(`Stopped without an answer to ${inFlight} request(s), which took too long.`);
      process.exit(0);
    }, LOOK_EVERY_MS);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
}

/**
 * Passes the signals on to processes, and kills what does not end by itself.
 * @param {() => import("node:child_process").ChildProcess[]} living
 * @param {() => void} stopping is called before
 */
export function passOnSignals(living, stopping) {
  const stop = () => {
    stopping();
    for (const child of living()) child.kill("SIGTERM");
    setTimeout(() => {
      for (const child of living()) child.kill("SIGKILL");
    }, LONGEST_MS + 1_000).unref();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
}
