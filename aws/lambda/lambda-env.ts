import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";

const timeoutMs = z
  .string()
  .regex(/^\d{3,5}$/)
  .transform(Number)
  .default(27_000);

const lambdaEnv = z.discriminatedUnion("MODEL", [
  z.object({ MODEL: z.literal("in-process"), ENDPOINT_TIMEOUT_MS: timeoutMs }),
  z.object({
    MODEL: z.literal("sagemaker"),
    ENDPOINT_NAME: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/),
    ENDPOINT_TIMEOUT_MS: timeoutMs,
  }),
]);
export type LambdaEnv = z.infer<typeof lambdaEnv>;

const ALLOWED: Record<string, string> = {
  MODEL: "sagemaker (default) or in-process",
  ENDPOINT_NAME: "the name of a SageMaker endpoint, needed unless MODEL=in-process",
  ENDPOINT_TIMEOUT_MS: "milliseconds, 100 to 99999, default 27000",
};

/** Parses the Lambda's environment; the error names every bad variable and what it may be. */
export function parseLambdaEnv(source: Record<string, string | undefined>): Result<LambdaEnv, string> {
  const parsed = lambdaEnv.safeParse({ ...source, MODEL: source.MODEL ?? "sagemaker" });
  if (parsed.success) return ok(parsed.data);
  const names = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  return fail([...names].map((name) => `${name}: ${ALLOWED[name]}`).join("; "));
}
