import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { isMainThread } from "node:worker_threads";

/**
 * Preloaded by NODE_OPTIONS into every process and thread of a server: the one that the file EATEN names ("web" or one of
 * dist) takes memory, as it works, until it has none.
 */

const require = createRequire(join(process.cwd(), "dist", "x.cjs"));

const WRITERS = ["write-worker", "import-worker"];

const isNamed = (isWriting = false) => {
  try {
    const name = readFileSync(process.env.EATEN ?? "", "utf8");
    if (!isMainThread && WRITERS.includes(name) !== isWriting) return false;
    if (name === "web") return isMainThread && cluster.isWorker;
    return Object.keys(require.cache).some((path) => basename(path) === `${name}.cjs`);
  } catch {
    return false;
  }
};

function eatIfNamed(isWriting) {
  if (!isNamed(isWriting)) return;
  const eaten = [];
  for (;;) eaten.push(new Array(10_000).fill(Math.random()));
}

if (isMainThread) {
  setInterval(() => eatIfNamed(), 20).unref();
} else {
  // A thread that waits for work runs no timer. What it was to write is kept by then.
  const Database = require("better-sqlite3");
  const { exec, prepare, transaction } = Database.prototype;
  Database.prototype.prepare = function (...given) {
    const statement = prepare.apply(this, given);
    eatIfNamed(false);
    return statement;
  };
  Database.prototype.exec = function (sql) {
    const result = exec.call(this, sql);
    if (sql === "COMMIT") eatIfNamed(true);
    return result;
  };
  Database.prototype.transaction = function (work) {
    const run = transaction.call(this, work);
    const kept = (...given) => {
      const result = run.immediate(...given);
      eatIfNamed(true);
      return result;
    };
    return Object.assign(kept, { immediate: kept });
  };
}
