import type { Result } from "../../lib/result";
import type { PredictRequest } from "../../lib/schema";
import type { Failure } from "./failure";

/** What travels with a request: where to stop, and the id every hop logs. */
type InvokeOptions = { signal: AbortSignal; requestId: string };

/** Something that scores rows: the model in this process, or a SageMaker endpoint. */
export type ModelEndpoint = {
  /** Stands for the model in answers of endpoints that do not name theirs. */
  name: string;
  /** Resolves to the decoded JSON the endpoint answered, not yet parsed; see `parseEndpointAnswer`. */
  invoke(request: PredictRequest, options: InvokeOptions): Promise<Result<unknown, Failure>>;
};
