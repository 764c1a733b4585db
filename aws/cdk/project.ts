import { fileURLToPath } from "node:url";
import { words } from "../../tables/current";

/** Absolute path of a file of this project, given from its root. */
export const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Node under ESM knows no `__dirname`; assets and templates are named from here. */
export const PROJECT_ROOT = inProject("");

/** The program that builds and pushes the model's image, by the CDK's own variable: docker, podman, finch or buildah. */
export const imageBuilder = () => process.env.CDK_DOCKER || "docker";

/** What everything in the account is named after, so that applications for two tables live in one account. */
export const SLUG = words.app.slug;

/** What the names of its stacks begin with: "credit-desk" as "CreditDesk". */
const PREFIX = SLUG.replace(/(?:^|-)([a-z0-9])/g, (_, first: string) => first.toUpperCase());

/** The name of a stack by what is in it. */
export const stackName = (part: string) => `${PREFIX}${part}`;

/** The parameter that says which model is served; set it to a training's output and deploy the endpoint again. */
export const MODEL_KEY_PARAMETER = `/${SLUG}/model-key`;

/** The parameter that names SageMaker's model, which has another name whenever it is made anew. */
export const MODEL_NAME_PARAMETER = `/${SLUG}/model-name`;

/** Where the files of batches are in the bucket. */
export const BATCH_PREFIX = "batches";
