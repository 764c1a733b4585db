import * as z from "zod";

/** One line of a hop's log; the request's id is on each that belongs to one. Never a measurement. */
export function logLine(requestId: string | undefined, text: string): void {
  process.stdout.write(`${requestId === undefined ? "" : `[${requestId}] `}${text}\n`);
}

/** The settings that `startHop` gave this process; throws where it was started by anything else. */
export function hopSettings<T>(schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(process.env.HOP_SETTINGS ?? "{}"));
}

/** Tells the process that started this hop where it listens, and ends with it. */
export function announce(port: number): void {
  process.send?.({ port });
  process.once("disconnect", () => process.exit(0));
}

export const announcement = z.object({ port: z.int().positive() });

export const awsKeys = z.object({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) });
export type AwsKeys = z.infer<typeof awsKeys>;
