import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";

const lambdaEnv = z.object({
  ENDPOINT_NAME: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/),
  ENDPOINT_TIMEOUT_MS: z
    .string()
    .regex(/^\d{3,5}$/)
    .transform(Number)
    .default(27_000),
});
export type LambdaEnv = z.infer<typeof lambdaEnv>;

const ALLOWED: Record<keyof LambdaEnv, string> = {
  ENDPOINT_NAME: "the name of a SageMaker endpoint",
  ENDPOINT_TIMEOUT_MS: "milliseconds, 100 to 99999, default 27000",
};

/** Parses the Lambda's environment; the error names every bad variable and what it may be. */
export function parseLambdaEnv(source: Record<string, string | undefined>): Result<LambdaEnv, string> {
  const parsed = lambdaEnv.safeParse(source);
  if (parsed.success) return ok(parsed.data);
  const names = new Set(parsed.error.issues.map((issue) => issue.path[0] as keyof LambdaEnv));
  return fail([...names].map((name) => `${name}: ${ALLOWED[name]}`).join("; "));
}
