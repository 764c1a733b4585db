import "server-only";

/** What runs at the same time in one process. Each of these reads or writes much, or holds much in memory. */
const MOST = { export: 2, import: 1, batchExport: 4, image: 4 } as const;
export type Running = keyof typeof MOST;

// Next compiles the routes apart, and the API is a bundle of its own.
const RUNNING = Symbol.for("cytodesk.running");
const shared = globalThis as { [RUNNING]?: Map<Running, number> };

/** A place for one more, as what gives it back, however often it is called; null where all are taken. */
export function takePlace(what: Running): (() => void) | null {
  shared[RUNNING] ??= new Map();
  const running = shared[RUNNING];
  const now = running.get(what) ?? 0;
  if (now >= MOST[what]) return null;
  running.set(what, now + 1);
  let isTaken = true;
  return () => {
    if (isTaken) running.set(what, (running.get(what) ?? 0) - 1);
    isTaken = false;
  };
}

/** A stream that gives its place back when it ends, breaks off or is left. */
export function untilEnd(
  source: ReadableStream<Uint8Array>,
  giveBack: () => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          giveBack();
          controller.close();
        } catch (error) {
          giveBack();
          controller.error(error);
        }
      },
      async cancel(reason) {
        giveBack();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** What is said where all places are taken. */
export const BUSY: Record<Running, string> = {
  export: `${MOST.export} exports are running already.`,
  import: "Another import is running.",
  batchExport: `${MOST.batchExport} files of batches are being made already.`,
  image: `${MOST.image} images are being taken already.`,
};
