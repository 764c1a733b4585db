import "server-only";
import { databaseKind } from "@/lib/database-url";
import { type Env, env, isLoopbackName } from "@/lib/server/env";
import { table, words } from "@/tables/current";

/** What leaves this machine, to whom, by the settings as they are. */

export type Outward = {
  /** A host, and its port where it has one. */
  to: string;
  isThisMachine: boolean;
  /** What asks for it. */
  variable: keyof Env;
  sent: string;
  never: string;
};

type Leaves = (settings: Env) => Omit<Outward, "isThisMachine" | "variable"> | null;

const hostOf = (url: string) => new URL(url).host;
/** A host of AWS, or what is asked in its place by the first of these variables that is set. */
const awsHost = (usual: string, ...variables: string[]) => {
  const other = variables.map((name) => process.env[name]).find((url) => url !== undefined);
  return other !== undefined && URL.canParse(other) ? hostOf(other) : usual;
};
const amazon = (region = "") => `amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
const EVERY = "AWS_ENDPOINT_URL";

const NOT_THE_CASE = "case code, note, outcome, truth, and who asks";
const OF_A_MODEL = `the ${table.nouns.values} of each case that is predicted, tried or re-scored, and the request's id`;

const toModel: Leaves = ({ MODEL_URL: model, MODEL_API_KEY }) => {
  if (model.kind === "embedded") return null;
  const key = MODEL_API_KEY === undefined ? "" : ", with MODEL_API_KEY";
  if (model.kind === "sagemaker") {
    const host = awsHost(
      `runtime.sagemaker.${model.region}.${amazon(model.region)}`,
      `${EVERY}_SAGEMAKER_RUNTIME`,
      EVERY,
    );
    return { to: host, sent: OF_A_MODEL, never: NOT_THE_CASE };
  }
  return { to: hostOf(model.url), sent: OF_A_MODEL + key, never: NOT_THE_CASE };
};

const toDatabase: Leaves = ({ DATABASE_URL: url }) =>
  databaseKind(url) === "sqlite"
    ? null
    : {
        to: hostOf(url),
        sent: "all that is kept: predictions with code, note and outcome, batches' names, people and the audit",
        never: "the files of batches",
      };

const toSecret: Leaves = ({ DATABASE_SECRET, AWS_REGION: region }) =>
  DATABASE_SECRET === undefined
    ? null
    : {
        to: awsHost(`secretsmanager.${region}.${amazon(region)}`, `${EVERY}_SECRETS_MANAGER`, EVERY),
        sent: "the name of the secret; it answers with the database's user and password",
        never: "anything of a case",
      };

const toBucket: Leaves = ({ BATCH_URL: place, AWS_REGION: region }) =>
  place.kind === "folder"
    ? null
    : {
        to: awsHost(
          `${place.bucket}.s3.${region === undefined ? "" : `${region}.`}${amazon(region)}`,
          `${EVERY}_S3`,
          EVERY,
        ),
        sent: "the files of batches with every column they came with, case codes too, and their answers",
        never: "predictions of the history, notes",
      };

const toTransform: Leaves = ({ BATCH_ENGINE, AWS_REGION: region }) =>
  BATCH_ENGINE !== "sagemaker"
    ? null
    : {
        to: awsHost(`api.sagemaker.${region}.${amazon(region)}`, `${EVERY}_SAGEMAKER`),
        sent: `which files of the bucket to answer: numbered rows of ${table.nouns.values} alone`,
        never: NOT_THE_CASE,
      };

const toWebhook: Leaves = ({ WEBHOOK_URL: webhook }) =>
  webhook === undefined
    ? null
    : {
        to: hostOf(webhook.href),
        sent: "of a batch: its id, file's name, state, counts of rows, and team",
        never: `rows, ${table.nouns.values}, case codes, answers`,
      };

const toCollector: Leaves = ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }) =>
  endpoint === undefined
    ? null
    : {
        to: hostOf(endpoint),
        sent: "spans: method, route without its parameters, status, times, and failures in words",
        never: `${table.nouns.values}, case codes, answers, and who asks`,
      };

const toProvider: Leaves = ({ OIDC_ISSUER: issuer }) =>
  issuer === undefined
    ? null
    : {
        to: hostOf(issuer),
        sent: "that somebody signs in; it answers with their name and e-mail address",
        never: "anything of a case",
      };

/**
 * What leaves by each variable; null where nothing does. A new variable has to be here, or nothing compiles. Credentials of AWS go to no other host than these, but where a profile or role has them asked for.
 */
const BY_VARIABLE: Record<keyof Env, Leaves | null> = {
  MODEL_URL: toModel,
  DATABASE_URL: toDatabase,
  DATABASE_SECRET: toSecret,
  BATCH_URL: toBucket,
  BATCH_ENGINE: toTransform,
  WEBHOOK_URL: toWebhook,
  OTEL_EXPORTER_OTLP_ENDPOINT: toCollector,
  OIDC_ISSUER: toProvider,
  ...{ BATCH_KMS_KEY: null, BATCH_TAG: null },
  ...{ BATCH_CACHE: null, BATCH_MODEL_NAME: null, BATCH_INSTANCE: null, BATCH_INSTANCES: null },
  ...{ MODEL_API_KEY: null, MODEL_TIMEOUT_MS: null, AWS_ACCESS_KEY_ID: null, AWS_SECRET_ACCESS_KEY: null },
  ...{ AWS_SESSION_TOKEN: null, AWS_REGION: null, ALLOWED_HOSTS: null, WEBHOOK_SECRET: null },
  ...{ WEBHOOK_HOSTS: null, BASE_PATH: null, PORT: null, BIND_ADDRESS: null, INSECURE_NO_AUTH: null },
  ...{ SIGN_IN_SECRET: null, PUBLIC_URL: null, OIDC_CLIENT_ID: null, OIDC_CLIENT_SECRET: null },
  ...{ OIDC_NAME: null, LOG_REQUESTS: null, METRICS_TOKEN: null, OTEL_SERVICE_NAME: null },
  ...{ RATE_LIMIT_FACTOR: null, TRUSTED_PROXIES: null, WEB_PROCESSES: null, REPLICAS: null },
};

/** What leaves this machine; nothing in the usual case. */
export const whatLeaves = (settings: Env = env()): Outward[] =>
  (Object.entries(BY_VARIABLE) as [keyof Env, Leaves | null][]).flatMap(([variable, leaves]) => {
    const one = leaves?.(settings) ?? null;
    if (one === null) return [];
    const name = one.to.replace(/:\d+$/, "");
    return [{ ...one, variable, isThisMachine: isLoopbackName(name) }];
  });

/** What is never sent, whatever is set. */
export const NEVER_SENT = `${words.app.name} reports nothing to its authors, and its pages load nothing from other hosts.`;
