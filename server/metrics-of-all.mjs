import cluster from "node:cluster";

/**
 * The metrics of all processes that serve, for the one that is asked: what they send to the process above them, and it to them.
 * lib/server/metrics/metrics.ts
 */

/** A process that does not answer in this time is left out. */
const LONGEST_MS = 3_000;

/** In the process above. */
export function gatherMetrics() {
  cluster.on("message", (asker, message) => {
    if (message?.cytodesk !== "all metrics?") return;
    const answers = Object.values(cluster.workers ?? {}).map((worker) => askWorker(worker));
    void Promise.all(answers).then((counted) => {
      if (asker.isConnected()) asker.send({ cytodesk: "metrics of all", counted: counted.filter(Boolean) });
    });
  });
}

function askWorker(worker) {
  return new Promise((resolve) => {
    const settle = (counted) => {
      clearTimeout(late);
      worker.off("message", read);
      worker.off("exit", gone);
      resolve(counted);
    };
    const read = (message) => {
      if (message?.cytodesk === "own metrics") settle(message.counted);
    };
    const gone = () => settle(null);
    const late = setTimeout(gone, LONGEST_MS);
    worker.on("message", read).on("exit", gone);
    if (worker.isConnected()) worker.send({ cytodesk: "own metrics?" });
    else gone();
  });
}

/**
 * In a process that serves.
 * @param {() => Promise<unknown>} ownMetrics
 */
export function tellMetrics(ownMetrics) {
  process.on("message", (message) => {
    if (message?.cytodesk !== "own metrics?") return;
    void ownMetrics().then((counted) => process.send({ cytodesk: "own metrics", counted }));
  });
}
