import { createHash } from "node:crypto";
import { canonicalJson, parseArtifact } from "../../model/artifact";
import { assess } from "../../model/assess";
import { explain } from "../../model/explain";
import { createPredictor } from "../../model/predict";
import { table } from "../../tables/current";
import type { ModelIdentity, PredictRequest } from "../contract";
import { ok } from "../result";
import type { ModelEndpoint } from "./endpoint";
import type { EndpointAnswer } from "./endpoint-answer";

type InProcessEndpoint = ModelEndpoint & {
  identity: ModelIdentity;
  /** The body that invoke resolves to. */
  answer(instances: PredictRequest["instances"]): EndpointAnswer;
  /** The probability of one case alone, a tenth of the work. */
  score(features: readonly number[]): number;
};

/** A trained model in this process, answering as an endpoint would. Throws where the artifact is not as trained. */
export function createInProcessEndpoint(artifactJson: unknown): InProcessEndpoint {
  const artifact = parseArtifact(artifactJson);
  const { hash, ...unsigned } = artifact;
  // Some bundlers change the last digit of numbers in the JSON they import.
  if (createHash("sha256").update(canonicalJson(unsigned)).digest("hex") !== hash) {
    throw new Error("the model artifact does not match its hash: its numbers were changed after training");
  }
  const predictor = createPredictor(artifact);
  const identity = { ...predictor.identity, uncertain: predictor.uncertainBand };
  return {
    name: identity.name,
    identity,
    async invoke({ instances }) {
      return ok({ body: answer(instances), containerMs: null });
    },
    answer,
    score: (features) => predictor.predict(features).probability,
  };

  function answer(instances: PredictRequest["instances"]): EndpointAnswer {
    const predictions = instances.map(({ features }) => {
      const prediction = predictor.predict(features);
      return {
        score: prediction.probability,
        predicted_label: prediction.diagnosis === table.classes.positive ? (1 as const) : (0 as const),
        ...explain(artifact, features),
        ...assess(artifact, features, prediction),
      };
    });
    return { predictions, model: identity };
  }
}
