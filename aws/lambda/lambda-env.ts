import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";

const lambdaEnv = z
  .object({
    ENDPOINT_NAME: z.string().regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/),
    ENDPOINT_TIMEOUT_MS: z
      .string()
      .regex(/^\d{3,5}$/)
      .transform(Number)
      .default(27_000),
    /** What the endpoint reads and writes: this project's container JSON; SageMaker's built-in XGBoost knows CSV alone. */
    ENDPOINT_CONTENT_TYPE: z.enum(["application/json", "text/csv"]).default("application/json"),
    /** The least score of the positive class, which an answer in CSV does not tell. */
    ENDPOINT_THRESHOLD: z
      .string()
      .regex(/^(?:0?\.\d{1,15})$/)
      .transform(Number)
      .optional(),
  })
  .refine(
    ({ ENDPOINT_CONTENT_TYPE, ENDPOINT_THRESHOLD }) =>
      (ENDPOINT_CONTENT_TYPE === "text/csv") === (ENDPOINT_THRESHOLD !== undefined),
    { path: ["ENDPOINT_THRESHOLD"] },
  );
export type LambdaEnv = z.infer<typeof lambdaEnv>;

const ALLOWED: Record<keyof LambdaEnv, string> = {
  ENDPOINT_NAME: "the name of a SageMaker endpoint",
  ENDPOINT_TIMEOUT_MS: "milliseconds, 100 to 99999, default 27000",
  ENDPOINT_CONTENT_TYPE: "application/json (the default) or text/csv",
  ENDPOINT_THRESHOLD: "with text/csv, and only then: the least score of the positive class, such as 0.5",
};

/** Parses the Lambda's environment; the error names every bad variable and what it may be. */
export function parseLambdaEnv(source: Record<string, string | undefined>): Result<LambdaEnv, string> {
  const parsed = lambdaEnv.safeParse(source);
  if (parsed.success) return ok(parsed.data);
  const names = new Set(parsed.error.issues.map((issue) => issue.path[0] as keyof LambdaEnv));
  return fail([...names].map((name) => `${name}: ${ALLOWED[name]}`).join("; "));
}
