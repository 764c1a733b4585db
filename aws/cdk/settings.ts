import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";

const wholeNumber = (min: number, max: number) =>
  z.coerce.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(min).max(max));

// `-c name=value` of the CDK's CLI gives text; a context file may give a boolean.
const flag = (unset = false) =>
  z
    .union([z.boolean(), z.enum(["true", "false"])])
    .transform((value) => value === true || value === "true")
    .default(unset);

const list = (entry: z.ZodType<string, string>, most = 100) =>
  z
    .string()
    .transform((text) => text.split(",").map((part) => part.trim()))
    .pipe(z.array(entry).min(1).max(most));

const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
// A range wider than /8 is a slip.
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
  apiKey: flag(),
  olderCallers: z.enum(["sign", "apiKey"]).default("sign"),
  destroyData: flag(),
  customerKey: flag(),
  apiLogRole: flag(true),
  web: z.enum(["none", "ec2", "fargate"]).default("none"),
  webAllowedIps: list(ipv4Range).optional(),
  batch: z.enum(["here", "sagemaker"]).default("here"),
  invokers: list(principalArn).optional(),
  vpcSubnets: list(z.string().regex(/^subnet-[0-9a-f]{8,17}$/), 16).optional(),
  vpcSecurityGroups: list(z.string().regex(/^sg-[0-9a-f]{8,17}$/), 5).optional(),
};
export type SettingName = keyof typeof shape;

const ALLOWED: Record<SettingName, string> = {
  stage: "up to twelve lower-case letters, digits and hyphens, such as dev",
  endpoint: "serverless or instance",
  instanceType: "a SageMaker instance type, such as ml.c5.large",
  maxInstances: "a whole number from 1 to 20",
  budgetUsd: "a whole number of US dollars a month, 1 or more",
  alarmEmail: "an e-mail address, or none",
  apiKey: "true or false",
  olderCallers: "sign or apiKey",
  destroyData: "true or false",
  customerKey: "true or false",
  apiLogRole: "true or false; with false the account has a role already by which API Gateway logs",
  web: "none, ec2 or fargate",
  webAllowedIps:
    "IPv4 addresses or ranges no wider than /8, separated by commas, such as 203.0.113.7,198.51.100.0/24",
  batch: "here or sagemaker, which needs web=ec2, the way that reads the present model's name while it runs",
  invokers: "ARNs of IAM roles or users, separated by commas",
  vpcSubnets:
    "up to 16 ids of subnets, separated by commas; with vpcSecurityGroups and endpoint=instance, since SageMaker's serverless endpoints take no VPC",
  vpcSecurityGroups: "up to five ids of security groups, separated by commas; with vpcSubnets",
};

export const SETTING_NAMES = Object.keys(shape) as SettingName[];

const eachAlone = z.object(shape);
const settings = eachAlone
  .refine(({ web, batch }) => web === "ec2" || batch === "here", { path: ["batch"], message: "no web" })
  .refine(({ vpcSubnets, vpcSecurityGroups }) => !vpcSubnets || vpcSecurityGroups, {
    path: ["vpcSecurityGroups"],
    message: "missing",
  })
  // https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html#serverless-endpoints-how-it-works-exclusions
  .refine(
    ({ vpcSubnets, vpcSecurityGroups, endpoint }) =>
      vpcSubnets ? endpoint === "instance" : !vpcSecurityGroups,
    { path: ["vpcSubnets"], message: "missing, or a serverless endpoint" },
  );
export type Settings = z.infer<typeof settings>;

/** SageMaker refuses to scale burstable ones: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-add-console.html */
export const scales = (instanceType: string): boolean => !/^ml\.t\d/.test(instanceType);

/** Parses settings as the CDK's context has them, empty text counting as unset; the error names every bad value and what it may be. */
export function parseSettings(context: (name: string) => unknown): Result<Settings, string> {
  const parsed = settings.safeParse(givenOf(context));
  return parsed.success ? ok(parsed.data) : fail(explain(parsed.error));
}

/** Whether what was given can be part of settings: each value for itself, since others may be kept already. */
export function checkGiven(given: Readonly<Record<string, string>>): Result<void, string> {
  const unknown = Object.keys(given).filter((name) => !SETTING_NAMES.includes(name as SettingName));
  if (unknown.length > 0)
    return fail(`There is no setting ${unknown.join(", ")}. There are: ${SETTING_NAMES.join(", ")}.`);
  const parsed = eachAlone.safeParse(givenOf((name) => given[name]));
  return parsed.success ? ok(undefined) : fail(explain(parsed.error));
}

/** Settings as the command line gives them, which give the same again when they are parsed. */
export function writeSettings(parsed: Settings): Record<string, string> {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => (parsed[name] === undefined ? [] : [[name, String(parsed[name])]])),
  );
}

function givenOf(context: (name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const value = context(name);
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
}

function explain({ issues }: z.ZodError): string {
  const bad = new Set(issues.map((issue) => issue.path[0] as SettingName));
  return [
    "The settings are not usable.",
    ...[...bad].map((name) => `  ${name} must be ${ALLOWED[name]}`),
  ].join("\n");
}
