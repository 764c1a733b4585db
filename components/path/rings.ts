import type { BackendKind, Hop } from "@/lib/path/path-status";
import { words } from "@/tables/current";

/** A stop on the way to the model, and the parts of the path that it stands for; `icon`: a path in a box of 24 by 24. */
export type Ring = { name: string; says: string; icon: string; parts: readonly Hop["name"][] };

const FORM = "M5 4h14v16H5zM8 9h8M8 13h8M8 17h4";
const GATE = "M12 3v18M4 8l8-5 8 5M4 8v8l8 5 8-5V8";
const FUNCTION = "M6 20 12 7l6 13M12 7 10 3H7";
const ENDPOINT = "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Zm0 0v16M4 12h16";
const MODEL = "M4 20V4M4 20h16M7 16c5 0 5-10 12-11";

const HANDLER: Ring = {
  name: "Handler",
  says: "the Lambda's code, in this process",
  icon: FUNCTION,
  parts: ["Lambda"],
};
const HERE: Ring = {
  name: words.app.name,
  says: "form and history, this server",
  icon: FORM,
  parts: ["gateway"],
};
const SAGEMAKER: Ring = {
  name: "SageMaker",
  says: "its runtime, and the network to it",
  icon: ENDPOINT,
  parts: ["endpoint"],
};
const SERVER: Ring = {
  name: "Inference server",
  says: "speaks the Open Inference Protocol; the network to it",
  icon: ENDPOINT,
  parts: ["gateway"],
};
const CONTAINER: Ring = { name: "Model", says: "in the endpoint's container", icon: MODEL, parts: ["model"] };

/** The way that a request goes, by where the model is. */
export const RINGS: Record<BackendKind, readonly Ring[]> = {
  embedded: [
    HERE,
    HANDLER,
    { name: "Model", says: "in this process", icon: MODEL, parts: ["endpoint", "model"] },
  ],
  sagemaker: [HERE, HANDLER, SAGEMAKER, CONTAINER],
  oip: [
    { ...HERE, parts: [] },
    SERVER,
    { name: "Model", says: "behind that server", icon: MODEL, parts: ["Lambda", "endpoint", "model"] },
  ],
  https: [
    { ...HERE, parts: [] },
    {
      name: "API Gateway",
      says: "checks schema and signature; the network to it",
      icon: GATE,
      parts: ["gateway"],
    },
    { name: "Lambda", says: "checks the case, asks the endpoint", icon: FUNCTION, parts: ["Lambda"] },
    SAGEMAKER,
    CONTAINER,
  ],
};
