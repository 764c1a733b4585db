import { fileURLToPath } from "node:url";
import { words } from "../../tables/current";

/** Absolute path of a file of this project, given from its root. */
export const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The program that builds and pushes the model's image, by the CDK's own variable: docker, podman, finch or buildah. */
export const imageBuilder = () => process.env.CDK_DOCKER || "docker";

/** What everything is named after, so that applications for two tables live in one account. */
const SLUG = words.app.slug;

/** What the names of its stacks begin with: "credit-desk" as "CreditDesk". */
const PREFIX = SLUG.replace(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());

/** Parts of the application, each a stack, in the order in which they may be removed: nothing goes before what uses it. */
export const PARTS = [
  ...["Web", "Web-fargate", "Ops", "Api", "Endpoint-serverless", "Endpoint-instance"],
  ...["Training", "Data"],
] as const;
export type Part = (typeof PARTS)[number];

/** Parameters in the account's Parameter Store, by which stacks, commands and the web server tell each other. */
export type Parameter =
  /** The settings of the last deployment. */
  | "settings"
  /** Which model is served; set it to a training's output and deploy the endpoint again. */
  | "model-key"
  /** SageMaker's model, which has another name whenever it is made anew. */
  | "model-name"
  /** What the web server is told of the API: by parameters, since CloudFormation lets nobody drop an export that is in use. */
  | "api-id"
  | "model-url"
  /** Id of the API key that callers need; "none" where they need none. */
  | "api-key-id"
  /** ARN of the key that the bucket is encrypted by; "none" where that is S3's own. */
  | "data-key"
  /** Where alarms of other stacks tell. */
  | "alarm-topic"
  /** What the web server is told of itself: host name, secret and places, as NAME=VALUE with spaces between. */
  | "web-settings"
  /** Where its release and the script that brings it there are (`s3://…`). */
  | "web-release"
  | "web-script"
  /** Which release it runs, as it says itself, or why the newest was refused. */
  | "web-running";

/** Every name that must be the only one in an account or region. */
export type Names = ReturnType<typeof namesOf>;

/**
 * The names of one stage. Those of the stage without a name are what they were before there were stages, so that what is
 * deployed stays.
 */
export function namesOf(stage?: string) {
  const id = stage === undefined ? SLUG : `${SLUG}-${stage}`;
  return {
    /** Also the value of the tag `project`. */
    id,
    stack: (part: Part) => (stage === undefined ? `${PREFIX}${part}` : `${PREFIX}-${stage}-${part}`),
    parameter: (name: Parameter | "") => `/${SLUG}/${stage === undefined ? "" : `${stage}/`}${name}`,
    /** SageMaker cannot turn one kind of endpoint into the other, so each has its own name and stack. */
    endpoint: (mode: "serverless" | "instance") => `${id}-${mode}`,
    /** Fixed, so that alarms name them without a reference between stacks. */
    lambda: `${id}-predict`,
    api: id,
    /** What the names of its own log groups begin with. */
    logs: `/${SLUG}`,
    /** The log group of the web application. */
    webLog: `/${SLUG}/${id}-web`,
    /** The namespace and service of the metrics that the Lambda writes to its log. */
    metrics: { namespace: PREFIX, service: id, webFailures: `WebFailures-${id}` },
    /** Known before it is made, for the API's resource policy. */
    webRole: (region: string) => `${id}-web-${region}`,
    /** The name of what has no region of its own: dashboard and budget are the account's. */
    inAccount: (region: string) => `${id}-${region}`,
  };
}

export const NO_API_KEY = "none";
export const NO_DATA_KEY = "none";

/** Requests that a serverless endpoint works on at once. */
export const SERVERLESS_CONCURRENCY = 5;

/** The instance type of training jobs, and of batches unless the web server's BATCH_INSTANCE says otherwise. */
export const JOB_INSTANCE = "ml.m5.large";

/** Tasks of `web=fargate`, each of one vCPU. */
export const WEB_TASKS = { least: 2, most: 6 };

/** The tag of everything that a stage deploys. */
export const TAG = "project";

/** Where the files of batches are in the bucket. */
export const BATCH_PREFIX = "batches";

/** Where copies of the web server's database are in the bucket. */
export const BACKUP_PREFIX = "backups";
