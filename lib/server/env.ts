import "server-only";
import { isIP as ipVersionOf } from "node:net";
import * as z from "zod";
import { databaseKind, hasLogin, SQLITE_FORM } from "@/lib/database-url";
import { fail, ok, type Result } from "@/lib/result";
import { words } from "@/tables/current";

/** Where the model is, as MODEL_URL says it. */
export type ModelTarget =
  | { kind: "embedded" }
  | { kind: "https"; url: string }
  /** `url`: of a model of the Open Inference Protocol, without `oip+`. */
  | { kind: "oip"; url: string }
  | { kind: "sagemaker"; region: string; endpointName: string };

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;
const SAGEMAKER_URL = /^sagemaker:\/\/([a-z0-9-]+)\/([a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62})$/;
const OIP_SCHEME = "oip+";
const OIP_PATH = /\/v2\/models\/[^/]+(?:\/versions\/[^/]+)?$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Reads a MODEL_URL; null where it is none of the allowed forms. */
export function parseModelUrl(text: string): ModelTarget | null {
  if (text === "embedded:") return { kind: "embedded" };
  const [, region, endpointName] = SAGEMAKER_URL.exec(text) ?? [];
  if (region !== undefined && endpointName !== undefined) {
    return REGION.test(region) ? { kind: "sagemaker", region, endpointName } : null;
  }
  const isOip = text.startsWith(OIP_SCHEME);
  const address = isOip ? text.slice(OIP_SCHEME.length) : text;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  // Credentials in a URL end up in logs, and fetch refuses them.
  if (url.username !== "" || url.password !== "" || url.hash !== "") return null;
  const allowed = isPrivate(url);
  if (!allowed) return null;
  if (!isOip) return { kind: "https", url: url.href };
  return OIP_PATH.test(url.pathname) && url.search === "" ? { kind: "oip", url: url.href } : null;
}

/** Where the files of batches are, as BATCH_URL says it; `prefix`: of the names in a bucket, empty or ending in a slash. */
export type BatchPlace =
  | { kind: "folder"; path: string }
  | { kind: "bucket"; bucket: string; prefix: string };

const BATCH_FOLDER = "./data/batches";
const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/((?:[\w!.*'()-]+\/)*[\w!.*'()-]+)?)?$/;

/** Reads a BATCH_URL; null where it is none of the allowed forms. */
export function parseBatchUrl(text: string): BatchPlace | null {
  const [, bucket, prefix] = S3_URL.exec(text) ?? [];
  if (bucket !== undefined) {
    return { kind: "bucket", bucket, prefix: prefix === undefined ? "" : `${prefix}/` };
  }
  return /^file:.+/.test(text) ? { kind: "folder", path: text.slice("file:".length) } : null;
}

/** Whether a host name means this machine. */
export const isLoopbackName = (name: string) => LOOPBACK.has(name);

/** Whether nobody on the way reads along. */
const isPrivate = (url: URL) =>
  url.protocol === "https:" || (url.protocol === "http:" && isLoopbackName(url.hostname));

/** Reads a WEBHOOK_URL; null where it is none of the allowed forms. `isLocal`: it names this machine. */
function parseWebhookUrl(text: string): { href: string; isLocal: boolean } | null {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "" || url.hash !== "") return null;
  const isLocal = isLoopbackName(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && isLocal)
    ? { href: url.href, isLocal }
    : null;
}

/** Reads an OTEL_EXPORTER_OTLP_ENDPOINT, to which `/v1/traces` is added; null where it is none of the allowed forms. */
function parseCollectorUrl(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "" || url.hash !== "" || url.search !== "")
    return null;
  return /^https?:$/.test(url.protocol) ? url.href.replace(/\/$/, "") : null;
}

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** Reads a WEBHOOK_SECRET, as Standard Webhooks writes it, as the bytes that sign; null where it is none. */
function parseWebhookSecret(text: string): Buffer | null {
  const [, base64 = ""] = SECRET.exec(text) ?? [];
  const bytes = Buffer.from(base64, "base64");
  return bytes.length >= 24 && bytes.length <= 64 ? bytes : null;
}

const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)$/;

/** Reads a PUBLIC_URL as an origin; null where it is none of the allowed forms. */
function parsePublicUrl(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || url.origin !== text.replace(/\/$/, "")) return null;
  return isPrivate(url) ? url.origin : null;
}

/** Reads an OIDC_ISSUER; null where it is none of the allowed forms. */
function parseIssuer(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.search !== "" || url.hash !== "") return null;
  return isPrivate(url) ? text : null;
}

/** Whether only this machine reaches an address. */
export const isLoopbackAddress = (address: string) => address === "::1" || address.startsWith("127.");

/** Reads a comma-separated list of host names without ports; null where one is not a host name. */
export function parseAllowedHosts(text: string): string[] | null {
  const hosts = text.split(",").map((host) => host.trim().toLowerCase());
  return hosts.every((host) => HOST.test(host)) ? hosts : null;
}

/** Reads a comma-separated list of addresses and networks; null where one is neither. */
function parseProxies(text: string): string[] | null {
  const proxies = text.split(",").map((one) => one.trim());
  const isOne = (one: string) => {
    const [address = "", bits, ...rest] = one.split("/");
    const most = ipVersionOf(address) === 6 ? 128 : 32;
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
    return isIP(address) && fits && rest.length === 0;
  };
  return proxies.every(isOne) ? proxies : null;
}

const isIP = (text: string) => ipVersionOf(text) !== 0;

function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

function parsedBy<T>(parse: (text: string) => T | null) {
  return z.string().transform((text, context): T => {
    const parsed = parse(text);
    if (parsed !== null) return parsed;
    context.addIssue("not allowed");
    return z.NEVER;
  });
}

const shape = {
  DATABASE_URL: z
    .string()
    .refine((url) => databaseKind(url) !== null)
    .default("file:./data/cytodesk.db"),
  DATABASE_SECRET: z
    .string()
    // A name, or an ARN, whose name ends in six characters of its own.
    .regex(/^(?:arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[A-Za-z0-9/_+=.@!-]{1,512}$/)
    .optional(),
  BATCH_URL: parsedBy(parseBatchUrl).prefault(`file:${BATCH_FOLDER}`),
  BATCH_CACHE: z.string().min(1).default(BATCH_FOLDER),
  BATCH_ENGINE: z.enum(["here", "sagemaker"]).default("here"),
  BATCH_MODEL_NAME: z
    .string()
    .regex(/^[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}$/)
    .optional(),
  BATCH_INSTANCE: z
    .string()
    .regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/)
    .default("ml.m5.large"),
  BATCH_INSTANCES: integer(1, 20).prefault("1"),
  BATCH_KMS_KEY: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/)
    .optional(),
  BATCH_TAG: z
    .string()
    .regex(/^[\w.:/+@-]{1,128}=[\w.:/+@-]{1,256}$/)
    .optional(),
  MODEL_URL: parsedBy(parseModelUrl).prefault("embedded:"),
  MODEL_API_KEY: z
    .string()
    // Anything else cannot be sent as a header.
    .regex(/^[\x21-\x7e]{1,512}$/)
    .optional(),
  MODEL_TIMEOUT_MS: integer(100, 60_000).prefault("30000"),
  AWS_ACCESS_KEY_ID: z.string().regex(/^\w+$/).optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_REGION: z.string().regex(REGION).optional(),
  ALLOWED_HOSTS: parsedBy(parseAllowedHosts).prefault("localhost,127.0.0.1,[::1]"),
  WEBHOOK_URL: parsedBy(parseWebhookUrl).optional(),
  WEBHOOK_SECRET: parsedBy(parseWebhookSecret).optional(),
  WEBHOOK_HOSTS: parsedBy(parseAllowedHosts).optional(),
  // Refused, rather than ignored: every address in a page starts at the root.
  BASE_PATH: z.literal("/").optional(),
  PORT: integer(1, 65_535).prefault("3000"),
  BIND_ADDRESS: z.string().refine(isIP).default("127.0.0.1"),
  INSECURE_NO_AUTH: z.literal("1").optional(),
  // Bytes of base64, of which a random generator makes none that a person would.
  SIGN_IN_SECRET: z
    .string()
    .regex(/^[A-Za-z0-9+/_-]{43,}={0,2}$/)
    .optional(),
  PUBLIC_URL: parsedBy(parsePublicUrl).optional(),
  OIDC_ISSUER: parsedBy(parseIssuer).optional(),
  OIDC_CLIENT_ID: z.string().max(512).optional(),
  OIDC_CLIENT_SECRET: z.string().max(512).optional(),
  OIDC_NAME: z.string().max(40).default("your organisation"),
  LOG_REQUESTS: z.literal("1").optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,512}$/)
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: parsedBy(parseCollectorUrl).optional(),
  OTEL_SERVICE_NAME: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional(),
  RATE_LIMIT_FACTOR: integer(1, 1000).prefault("1"),
  TRUSTED_PROXIES: parsedBy(parseProxies).optional(),
  WEB_PROCESSES: integer(1, 64).prefault("1"),
  REPLICAS: integer(1, 1000).prefault("1"),
};
type Name = keyof typeof shape;

const ALLOWED: Record<Name, string> = {
  DATABASE_URL: `${SQLITE_FORM}, or postgresql://user:password@host:port/database`,
  DATABASE_SECRET:
    "the name or ARN of a secret of AWS Secrets Manager, together with AWS_REGION and DATABASE_URL=postgresql://host:port/database without a user",
  BATCH_URL: "file:./path/of/a/folder or s3://bucket/prefix",
  BATCH_CACHE: "the path of a folder of this machine",
  BATCH_ENGINE:
    "here or sagemaker, which needs BATCH_URL=s3://…, BATCH_MODEL_NAME, the name of a SageMaker model, and AWS_REGION",
  BATCH_MODEL_NAME: "the name of a SageMaker model, which BATCH_ENGINE=sagemaker needs",
  BATCH_INSTANCE: "a SageMaker instance type, such as ml.m5.large",
  BATCH_INSTANCES: "a whole number of instances from 1 to 20",
  BATCH_KMS_KEY: "the ARN of a KMS key",
  BATCH_TAG: "the name and value of a tag, such as project=cytodesk",
  MODEL_URL:
    "embedded: or https://host/path or sagemaker://region/endpoint-name or oip+https://host/v2/models/name (http:// only to localhost, 127.0.0.1 or [::1]; no user name or password in it)",
  MODEL_API_KEY: "up to 512 visible ASCII characters",
  MODEL_TIMEOUT_MS: "a whole number of milliseconds from 100 to 60000",
  AWS_ACCESS_KEY_ID: "an access key id, together with AWS_SECRET_ACCESS_KEY",
  AWS_SECRET_ACCESS_KEY: "a secret access key, together with AWS_ACCESS_KEY_ID",
  AWS_SESSION_TOKEN: "a session token",
  AWS_REGION: "a region, such as eu-central-1",
  ALLOWED_HOSTS: "host names without port, separated by commas, such as localhost,127.0.0.1,[::1]",
  WEBHOOK_URL:
    "https://host/path (http:// only to localhost, 127.0.0.1 or [::1]; no user name or password in it), together with WEBHOOK_SECRET and WEBHOOK_HOSTS",
  WEBHOOK_SECRET: "whsec_ and 24 to 64 random bytes in base64",
  WEBHOOK_HOSTS: "host names without port, separated by commas, among them that of WEBHOOK_URL",
  BASE_PATH: `left out or /: ${words.app.name} cannot be served below a path, only at the root of a host name of its own`,
  PORT: "a port number from 1 to 65535",
  BIND_ADDRESS:
    "an address of this machine, such as 127.0.0.1 or 0.0.0.0; one that other machines reach needs SIGN_IN_SECRET and PUBLIC_URL=https://…, or INSECURE_NO_AUTH=1",
  INSECURE_NO_AUTH: "1, and without SIGN_IN_SECRET, or left out",
  SIGN_IN_SECRET: "32 or more random bytes in base64, together with PUBLIC_URL",
  PUBLIC_URL:
    "https://host, the address by which browsers reach this server (http:// only to localhost, 127.0.0.1 or [::1]; no path), together with SIGN_IN_SECRET",
  OIDC_ISSUER:
    "https://host/path, the issuer of an OpenID Connect provider (http:// only to localhost, 127.0.0.1 or [::1]), together with OIDC_CLIENT_ID, OIDC_CLIENT_SECRET and SIGN_IN_SECRET",
  OIDC_CLIENT_ID: "what the provider calls this application, together with OIDC_ISSUER",
  OIDC_CLIENT_SECRET: "the secret that the provider gave for it, together with OIDC_ISSUER",
  OIDC_NAME: "up to 40 characters that the button of the sign-in page shows",
  LOG_REQUESTS: "1, or left out",
  METRICS_TOKEN: "16 to 512 visible ASCII characters",
  OTEL_EXPORTER_OTLP_ENDPOINT:
    "http://host:4318 or https://host, where a collector takes OTLP as JSON; no user name, password or query in it",
  OTEL_SERVICE_NAME: "up to 100 letters, digits, dots and hyphens",
  RATE_LIMIT_FACTOR: "a whole number from 1 to 1000, by which each limit is multiplied",
  TRUSTED_PROXIES: "addresses or networks, separated by commas, such as 10.0.0.5,10.1.0.0/16",
  WEB_PROCESSES: "a whole number from 1 to 64",
  REPLICAS:
    "a whole number of machines from 1 to 1000, and 1 unless DATABASE_URL is postgresql://…, since SQLite's file is of one machine",
};

/** Every variable the application reads; `.env.example` explains each. */
export const ENV_NAMES = Object.keys(shape) as Name[];

const schema = z.object(shape).superRefine((env, context) => {
  const hasSignIn = env.SIGN_IN_SECRET !== undefined && env.PUBLIC_URL !== undefined;
  for (const [one, other] of [
    ["SIGN_IN_SECRET", "PUBLIC_URL"],
    ["PUBLIC_URL", "SIGN_IN_SECRET"],
    ["SIGN_IN_SECRET", "OIDC_ISSUER"],
    ["OIDC_CLIENT_ID", "OIDC_ISSUER"],
    ["OIDC_CLIENT_SECRET", "OIDC_ISSUER"],
    ["OIDC_ISSUER", "OIDC_CLIENT_ID"],
    ["OIDC_ISSUER", "OIDC_CLIENT_SECRET"],
  ] as const) {
    if (env[one] === undefined && env[other] !== undefined) {
      context.addIssue({ code: "custom", path: [one], message: "missing" });
    }
  }
  if (env.SIGN_IN_SECRET !== undefined && env.INSECURE_NO_AUTH !== undefined) {
    context.addIssue({ code: "custom", path: ["INSECURE_NO_AUTH"], message: "contradicts" });
  }
  if (!isLoopbackAddress(env.BIND_ADDRESS) && env.INSECURE_NO_AUTH === undefined) {
    const isSafe = hasSignIn && env.PUBLIC_URL?.startsWith("https:") === true;
    if (!isSafe) context.addIssue({ code: "custom", path: ["BIND_ADDRESS"], message: "open to others" });
  }
  if (env.REPLICAS > 1 && databaseKind(env.DATABASE_URL) === "sqlite") {
    context.addIssue({ code: "custom", path: ["REPLICAS"], message: "one machine only" });
  }
  if (env.DATABASE_SECRET !== undefined) {
    const isOpen = databaseKind(env.DATABASE_URL) === "postgresql" && !hasLogin(env.DATABASE_URL);
    if (!isOpen || env.AWS_REGION === undefined) {
      context.addIssue({ code: "custom", path: ["DATABASE_SECRET"], message: "incomplete" });
    }
  }
  const hasAll = env.BATCH_URL.kind === "bucket" && env.BATCH_MODEL_NAME && env.AWS_REGION;
  if (env.BATCH_ENGINE === "sagemaker" && !hasAll) {
    context.addIssue({ code: "custom", path: ["BATCH_ENGINE"], message: "incomplete" });
  }
  if (env.WEBHOOK_URL !== undefined) {
    const { hostname } = new URL(env.WEBHOOK_URL.href);
    if (env.WEBHOOK_SECRET === undefined) {
      context.addIssue({ code: "custom", path: ["WEBHOOK_SECRET"], message: "missing" });
    }
    if (env.WEBHOOK_HOSTS?.includes(hostname) !== true) {
      context.addIssue({ code: "custom", path: ["WEBHOOK_HOSTS"], message: "another host" });
    }
  }
  for (const [one, other] of [
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"],
  ] as const) {
    if (env[one] === undefined && env[other] !== undefined) {
      context.addIssue({ code: "custom", path: [one], message: "missing" });
    }
  }
});
export type Env = z.infer<typeof schema>;

/** Parses environment variables, an empty one counting as unset; the error names every bad variable and what it may be. */
export function parseEnv(source: Record<string, string | undefined>): Result<Env, string> {
  const given = Object.fromEntries(
    ENV_NAMES.flatMap((name) => {
      const value = source[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const bad = new Set(parsed.error.issues.map((issue) => issue.path[0] as Name));
  const lines = [...bad].map((name) => `  ${name} must be ${ALLOWED[name]}`);
  return fail(
    `${words.app.name} cannot start: the environment is not usable.\n${lines.join("\n")}\nSee .env.example.`,
  );
}

let parsedOnce: Env | undefined;

/** This process's environment, parsed at the first call. Throws an Error that names every bad variable. */
export function env(): Env {
  if (parsedOnce === undefined) {
    const parsed = parseEnv(process.env);
    if (!parsed.ok) throw new Error(parsed.error);
    parsedOnce = parsed.value;
  }
  return parsedOnce;
}
