import { useEffect, useRef } from "react";
import type { Answered, Question, Questions } from "./messages";

export type Ask = <Q extends Question>(
  question: Q,
  asks: Questions[Q]["asks"],
) => Promise<Questions[Q]["answers"]>;

type Waiting = { resolve: (answer: never) => void; reject: (error: Error) => void };

/** The page's worker, which is started at the first question: whoever only looks needs none. */
export function useWorker(): Ask {
  const worker = useRef<Worker | null>(null);
  const waiting = useRef(new Map<number, Waiting>());
  const lastId = useRef(0);

  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = null;
    },
    [],
  );

  const ask = useRef<Ask>((question, asks) => {
    worker.current ??= started();
    const id = ++lastId.current;
    worker.current.postMessage({ id, question, ...asks });
    return new Promise((resolve, reject) => waiting.current.set(id, { resolve, reject }));
  });

  function started(): Worker {
    const made = new Worker(new URL("./measure.worker.ts", import.meta.url), { type: "module" });
    made.addEventListener("message", ({ data }: MessageEvent<Answered>) => {
      const asked = waiting.current.get(data.id);
      waiting.current.delete(data.id);
      if ("failure" in data) asked?.reject(new Error(data.failure));
      else asked?.resolve(data.answer as never);
    });
    made.addEventListener("error", () => {
      for (const { reject } of waiting.current.values()) reject(new Error("the worker stopped"));
      waiting.current.clear();
    });
    return made;
  }

  return ask.current;
}
