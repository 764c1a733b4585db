import * as z from "zod";
import { apiDescription } from "./api-description";

export const awsKeys = z.object({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) });
export type AwsKeys = z.infer<typeof awsKeys>;

/** What each hop beside this file goes by. */
const HOPS = {
  gateway: z.object({
    port: z.int(),
    lambda: z.url(),
    functionName: z.string(),
    region: z.string(),
    keys: awsKeys,
    /** Values of the keys in the API's usage plans. */
    apiKeys: z.array(z.string()),
    api: apiDescription,
    /** Takes the place of the integrations' own, where given. */
    timeoutMs: z.int().positive().nullable(),
    /** Takes the place of the stage's own, where given. */
    throttle: z.object({ perSecond: z.number(), burst: z.number() }).nullable(),
  }),
  lambda: z.object({
    port: z.int(),
    functionName: z.string(),
    /** The folder that is uploaded as the function's zip. */
    taskRoot: z.string(),
    environment: z.record(z.string(), z.string()),
    timeoutMs: z.int().positive(),
    runtime: z.literal("lambda-local").nullable(),
    maxEnvironments: z.int().positive(),
  }),
  sagemaker: z.object({
    port: z.int(),
    container: z.url(),
    endpointName: z.string(),
    region: z.string(),
    keys: awsKeys,
    maxConcurrency: z.int().min(0),
    /** SageMaker gives a container 60 s. */
    containerTimeoutMs: z.int().positive(),
  }),
};
export type Hop = keyof typeof HOPS;
export type HopSettings<H extends Hop> = z.infer<(typeof HOPS)[H]>;

/** One line of a hop's log; the request's id is on each that belongs to one. Never a measurement. */
export function logLine(requestId: string | undefined, text: string): void {
  process.stdout.write(`${requestId === undefined ? "" : `[${requestId}] `}${text}\n`);
}

/**
 * The settings that `startHop` gave this process; throws where it was started by anything else. A message holds others,
 * which are in them before `changed` is called: how a trial makes a hop fail without starting another.
 */
export function hopSettings<H extends Hop>(
  hop: H,
  changed: () => void | Promise<void> = () => {},
): HopSettings<H> {
  const parse = (value: unknown) => HOPS[hop].parse(value) as HopSettings<H>;
  const settings = parse(JSON.parse(process.env.HOP_SETTINGS ?? "{}"));
  process.on("message", async (message) => {
    Object.assign(settings, parse(message));
    await changed();
    process.send?.("changed");
  });
  return settings;
}

/** Tells the process that started this hop where it listens, and ends with it. */
export function announce(port: number): void {
  process.send?.({ port });
  process.once("disconnect", () => process.exit(0));
}

export const announcement = z.object({ port: z.int().positive() });
