import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fail, ok, type Result } from "@/lib/result";
import type { InferenceFailure, Reason } from "./failure";
import { createGuard } from "./guard";

const failing = (reason: Reason, more: Partial<InferenceFailure> = {}) =>
  vi.fn(async (): Promise<Result<string, InferenceFailure>> => fail({ reason, ...more }));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What a call comes to, once all that it waits for has passed. */
async function ended<T>(call: Promise<T>): Promise<T> {
  await vi.runAllTimersAsync();
  return call;
}

describe("the one retry", () => {
  it.each<[Reason, number]>([
    ["unreachable", 2],
    ["busy", 2],
    ["gateway_error", 2],
    ["model_failed", 2],
    ["timeout", 2],
    ["refused_values", 1],
    ["model_contract", 1],
    ["bad_answer", 1],
    ["answer_too_large", 1],
    ["redirected", 1],
    ["access_denied", 1],
    ["not_found", 1],
    ["misconfigured", 1],
    ["too_large", 1],
  ])("%s is attempted %i times", async (reason, times) => {
    const attempt = failing(reason);
    const result = await ended(createGuard({ timeoutMs: 20_000 }).run(attempt));
    expect(result).toEqual({ ok: false, error: { reason } });
    expect(attempt).toHaveBeenCalledTimes(times);
  });

  it("can succeed", async () => {
    const attempt = failing("busy");
    attempt.mockImplementationOnce(async () => fail({ reason: "busy" }));
    attempt.mockImplementationOnce(async () => ok("answer"));
    const result = await ended(createGuard({ timeoutMs: 20_000 }).run(attempt));
    expect(result).toEqual({ ok: true, value: "answer" });
  });

  it("waits as long as the service asks for", async () => {
    const attempt = failing("busy", { retryAfterMs: 400 });
    const call = createGuard({ timeoutMs: 20_000 }).run(attempt);
    await vi.advanceTimersByTimeAsync(399);
    expect(attempt).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(attempt).toHaveBeenCalledTimes(2);
    await call;
  });

  it("is left out where it would begin in the second half of the budget", async () => {
    const slow = vi.fn(async (): Promise<Result<string, InferenceFailure>> => {
      await new Promise((resolve) => setTimeout(resolve, 120));
      return fail({ reason: "unreachable" });
    });
    await ended(createGuard({ timeoutMs: 400 }).run(slow));
    expect(slow).toHaveBeenCalledTimes(1);
    const busy = failing("busy", { retryAfterMs: 300 });
    await ended(createGuard({ timeoutMs: 400 }).run(busy));
    expect(busy).toHaveBeenCalledTimes(1);
  });
});

describe("the budget", () => {
  it("ends an attempt, even one that does not heed its signal", async () => {
    let seen: AbortSignal | undefined;
    const call = createGuard({ timeoutMs: 100 }).run((signal) => {
      seen = signal;
      return new Promise(() => {});
    });
    await vi.advanceTimersByTimeAsync(99);
    expect(seen?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen?.aborted).toBe(true);
    expect(await call).toEqual({ ok: false, error: { reason: "timeout" } });
  });
});

describe("the circuit", () => {
  it("opens after consecutive failures, asks nothing while open, lets one through, closes", async () => {
    const circuits: string[] = [];
    const guard = createGuard({
      timeoutMs: 20_000,
      opensAfter: 3,
      recoversAfterMs: 1_000,
      onCircuit: (circuit) => circuits.push(circuit),
    });
    const attempt = failing("bad_answer");
    for (let i = 0; i < 3; i++) await guard.run(attempt);
    expect(guard.circuit()).toBe("open");
    vi.advanceTimersByTime(999);
    expect(await guard.run(attempt)).toEqual({
      ok: false,
      error: { reason: "circuit_open", retryAfterMs: 1 },
    });
    expect(attempt).toHaveBeenCalledTimes(3);

    vi.advanceTimersByTime(1);
    await guard.run(attempt);
    expect(attempt).toHaveBeenCalledTimes(4);
    expect(guard.circuit()).toBe("open");

    vi.advanceTimersByTime(1_000);
    expect(await guard.run(async () => ok("well again"))).toEqual({ ok: true, value: "well again" });
    expect(guard.circuit()).toBe("closed");
    expect(circuits).toEqual(["open", "half-open", "open", "half-open", "closed"]);
  });

  it("stays closed while failures are the caller's or are interrupted by a success", async () => {
    const guard = createGuard({ timeoutMs: 20_000, opensAfter: 2 });
    for (let i = 0; i < 5; i++) await guard.run(failing("refused_values"));
    for (let i = 0; i < 5; i++) {
      await guard.run(failing("bad_answer"));
      await guard.run(async () => ok(i));
    }
    expect(guard.circuit()).toBe("closed");
  });

  it("opens on attempts that time out", async () => {
    const guard = createGuard({ timeoutMs: 100, opensAfter: 2 });
    const hanging = (signal: AbortSignal) =>
      new Promise<Result<string, InferenceFailure>>((resolve) =>
        signal.addEventListener("abort", () => resolve(fail({ reason: "timeout" }))),
      );
    await ended(guard.run(hanging));
    await ended(guard.run(hanging));
    expect(await guard.run(hanging)).toMatchObject({ ok: false, error: { reason: "circuit_open" } });
  });
});
