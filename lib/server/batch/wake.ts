import "server-only";

/** Tells this process's runner that there is something to do, rather than that it looks in a second. */

// On globalThis, because Next may load a module once for each of its bundles.
const shared = globalThis as { cytodeskWakeBatches?: () => void };

export const wakeWorkers = () => shared.cytodeskWakeBatches?.();
export const onWake = (wake: () => void) => {
  shared.cytodeskWakeBatches = wake;
};
