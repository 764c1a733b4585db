import { ok } from "../../lib/result";
import type { ModelIdentity } from "../../lib/schema";
import { parseArtifact } from "../../model/artifact";
import artifactJson from "../../model/artifact.json";
import { explain } from "../../model/explain";
import { createPredictor } from "../../model/predict";
import type { ModelEndpoint } from "./endpoint";
import type { EndpointAnswer } from "./endpoint-answer";

/** The committed model in this process, answering as an endpoint would. Throws where the artifact is not valid. */
export function createInProcessEndpoint(): ModelEndpoint & { identity: ModelIdentity } {
  const artifact = parseArtifact(artifactJson);
  const predictor = createPredictor(artifact);
  return {
    name: predictor.identity.name,
    identity: predictor.identity,
    async invoke({ instances }) {
      const predictions = instances.map(({ features }) => {
        const { diagnosis, probability } = predictor.predict(features);
        return {
          score: probability,
          predicted_label: diagnosis === "M" ? (1 as const) : (0 as const),
          contributions: explain(artifact, features).contributions,
        };
      });
      return ok({ predictions, model: predictor.identity } satisfies EndpointAnswer);
    },
  };
}
