import "server-only";
import type { ModelIdentity } from "@/lib/contract";
import { INSTALLED } from "@/lib/server/model/installed";
import { createAssessor } from "@/model/assess-many";
import { createPredictor } from "@/model/predict";
import { CAUTIONS } from "@/tables/current";
import type { ManyAnswers } from "./many-answers";

/** The model that is installed here: millions of rows, each in a few microseconds. */
export function embeddedModel(): (values: Float64Array) => ManyAnswers {
  const assess = createAssessor(INSTALLED);
  const model = installedModel();
  const { threshold } = model;
  return (values) => {
    const { probabilities, labels, cautions } = assess(values);
    const diagnoses = Uint8Array.from(probabilities, (probability) => (probability >= threshold ? 0 : 1));
    return { probabilities, labels, diagnoses, cautions, cautionCodes: CAUTIONS, model, stopped: null };
  };
}

export function installedModel(): ModelIdentity & { threshold: number } {
  const { identity, uncertainBand } = createPredictor(INSTALLED);
  return { ...identity, uncertain: uncertainBand };
}
