import "server-only";
import { z } from "zod";

const schema = z.object({ DATABASE_URL: z.string().startsWith("file:").default("file:./data/cytodesk.db") });

let parsed: z.infer<typeof schema> | undefined;

/** The environment, parsed once; throws naming every bad variable. */
export function env(): z.infer<typeof schema> {
  parsed ??= schema.parse(process.env);
  return parsed;
}
