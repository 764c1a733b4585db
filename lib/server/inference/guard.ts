import "server-only";
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhenResult,
  type IRetryBackoffContext,
  retry,
  TaskCancelledError,
  TimeoutStrategy,
  timeout,
} from "cockatiel";
import { fail, type Result } from "@/lib/result";
import { type InferenceFailure, isRetryable, isUnwell } from "./failure";

export type GuardOptions = {
  /** For everything: both attempts and the pause between them. */
  timeoutMs: number;
  /** Failed attempts in a row that open the circuit. */
  opensAfter?: number;
  /** How long it stays open before one request is let through to see. */
  recoversAfterMs?: number;
  onCircuit?: (state: Circuit) => void;
};

export type Circuit = "closed" | "open" | "half-open";

type Attempt<T> = (signal: AbortSignal) => Promise<Result<T, InferenceFailure>>;

export type Guard = {
  run<T>(attempt: Attempt<T>): Promise<Result<T, InferenceFailure>>;
  circuit(): Circuit;
};

type Outcome<T> = { result: Result<T, InferenceFailure>; retryInMs: number | null };

const CIRCUIT: Record<CircuitState, Circuit> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Isolated]: "open",
};

/**
 * Time budget, one retry, circuit breaker, for a remote model; keep one a process. The retry is the only one on
 * the path (the SDK and the Lambda make none), and is not begun once half of the budget is gone.
 */
export function createGuard({
  timeoutMs,
  opensAfter = 5,
  recoversAfterMs = 10_000,
  onCircuit,
}: GuardOptions): Guard {
  let openedAt = 0;
  const budget = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  const retryOnce = retry(
    handleWhenResult((value) => (value as Outcome<unknown>).retryInMs !== null),
    {
      maxAttempts: 1,
      backoff: new DelegateBackoff(({ result }: IRetryBackoffContext<unknown>) =>
        "value" in result ? ((result.value as Outcome<unknown>).retryInMs ?? 0) : 0,
      ),
    },
  );
  const breaker = circuitBreaker(
    handleWhenResult((value) => {
      const result = value as Result<unknown, InferenceFailure>;
      return !result.ok && isUnwell(result.error);
    }),
    { breaker: new ConsecutiveBreaker(opensAfter), halfOpenAfter: recoversAfterMs },
  );
  breaker.onStateChange((state) => {
    if (state === CircuitState.Open) openedAt = performance.now();
    onCircuit?.(CIRCUIT[state]);
  });

  async function throughBreaker<T>(attempt: Attempt<T>, signal: AbortSignal) {
    try {
      return await breaker.execute(() => {
        // Timed out while queued for a half-open trial; not the service's failure.
        if (signal.aborted) throw new TaskCancelledError();
        return attempt(signal);
      });
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      const retryAfterMs = Math.max(0, recoversAfterMs - (performance.now() - openedAt));
      return fail<InferenceFailure>({ reason: "circuit_open", retryAfterMs });
    }
  }

  function retryIn(result: Result<unknown, InferenceFailure>, deadline: number): number | null {
    if (result.ok || !isRetryable(result.error) || result.error.reason === "circuit_open") return null;
    const pause = Math.max(result.error.retryAfterMs ?? 0, 100 + Math.random() * 100);
    return performance.now() + pause < deadline ? pause : null;
  }

  return {
    async run<T>(attempt: Attempt<T>): Promise<Result<T, InferenceFailure>> {
      const retryDeadline = performance.now() + timeoutMs / 2;
      try {
        const outcome = await budget.execute(({ signal }) =>
          retryOnce.execute(async (): Promise<Outcome<T>> => {
            const result = await throughBreaker(attempt, signal);
            return { result, retryInMs: retryIn(result, retryDeadline) };
          }, signal),
        );
        return outcome.result;
      } catch (error) {
        if (error instanceof TaskCancelledError) return fail({ reason: "timeout" });
        throw error;
      }
    },
    circuit: () => CIRCUIT[breaker.state],
  };
}
