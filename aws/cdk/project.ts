import { fileURLToPath } from "node:url";

/** Absolute path of a file of this project, given from its root. */
export const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Node under ESM knows no `__dirname`; assets and templates are named from here. */
export const PROJECT_ROOT = inProject("");

/** The parameter that says which model is served; set it to a training's output and deploy the endpoint again. */
export const MODEL_KEY_PARAMETER = "/cytodesk/model-key";

/** The parameter that names SageMaker's model, which has another name whenever it is made anew. */
export const MODEL_NAME_PARAMETER = "/cytodesk/model-name";

/** Where the files of batches are in the bucket. */
export const BATCH_PREFIX = "batches";
