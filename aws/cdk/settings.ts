import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";

const wholeNumber = (min: number, max: number) =>
  z.coerce.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));

// `-c name=value` of the CDK's CLI gives text; a context file may give a boolean.
const flag = z
  .union([z.boolean(), z.enum(["true", "false"])])
  .transform((value) => value === true || value === "true")
  .default(false);

const list = (entry: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(entry).min(1).max(100));

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
// A range wider than /8 is a slip: whoever may reach Cytodesk reads its whole history.
const ipv4Range = z.string().regex(new RegExp(`^${OCTET}(?:\\.${OCTET}){3}(?:/(?:[89]|[12]\\d|3[0-2]))?$`));
const principalArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]{1,600}$/);

const shape = {
  stage: z
    .string()
    .regex(/^[a-z](?:[a-z0-9-]{0,10}[a-z0-9])?$/)
    .optional(),
  endpoint: z.enum(["serverless", "instance"]).default("serverless"),
  instanceType: z
    .string()
    .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/)
    .default("ml.c5.large"),
  maxInstances: wholeNumber(1, 20).default(2),
  budgetUsd: wholeNumber(1, 100_000).default(20),
  alarmEmail: z.union([z.literal("none"), z.email()]).optional(),
  apiKey: flag,
  olderCallers: z.enum(["sign", "apiKey"]).default("sign"),
  destroyData: flag,
  web: z.enum(["none", "ec2"]).default("none"),
  webAllowedIps: list(ipv4Range).optional(),
  batch: z.enum(["here", "sagemaker"]).default("here"),
  invokers: list(principalArn).optional(),
};
type Name = keyof typeof shape;

const ALLOWED: Record<Name, string> = {
  stage: "up to twelve lower-case letters, digits and hyphens, such as dev",
  endpoint: "serverless or instance",
  instanceType: "a SageMaker instance type, such as ml.c5.large",
  maxInstances: "a whole number from 1 to 20",
  budgetUsd: "a whole number of US dollars a month, 1 or more",
  alarmEmail: "an e-mail address, or none",
  apiKey: "true or false",
  olderCallers: "sign or apiKey",
  destroyData: "true or false",
  web: "none or ec2",
  webAllowedIps:
    "IPv4 addresses or ranges no wider than /8, separated by commas, such as 203.0.113.7,198.51.100.0/24; needed with web=ec2, since Cytodesk has no sign-in",
  batch: "here or sagemaker, which needs web=ec2",
  invokers: "ARNs of IAM roles or users, separated by commas",
};

/** Every name of the CDK context that is read. */
const SETTING_NAMES = Object.keys(shape) as Name[];

const settings = z
  .object(shape)
  .refine(({ web, webAllowedIps }) => web === "none" || webAllowedIps, {
    path: ["webAllowedIps"],
    message: "missing",
  })
  .refine(({ web, batch }) => web === "ec2" || batch === "here", { path: ["batch"], message: "no web" });
export type Settings = z.infer<typeof settings>;

/** Parses the CDK context, empty text counting as unset; the error names every bad value and what it may be. */
export function parseSettings(context: (name: string) => unknown): Result<Settings, string> {
  const given = Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const value = context(name);
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  const parsed = settings.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const bad = new Set(parsed.error.issues.map((issue) => issue.path[0] as Name));
  return fail(
    ["The CDK context is not usable.", ...[...bad].map((name) => `  ${name} must be ${ALLOWED[name]}`)].join(
      "\n",
    ),
  );
}
