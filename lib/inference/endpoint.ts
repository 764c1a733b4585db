import type { PredictRequest } from "../contract";
import type { Result } from "../result";
import type { Failure } from "./failure";

/** What travels with a request: where to stop, and the id every hop logs. */
type InvokeOptions = { signal: AbortSignal; requestId: string };

/** What an endpoint answered: the decoded JSON, not yet parsed (see `parseEndpointAnswer`), and how long its container says it took. */
export type EndpointReply = { body: unknown; containerMs: number | null };

/** Something that scores rows: the model in this process, or a SageMaker endpoint. */
export type ModelEndpoint = {
  /** Stands for the model in answers of endpoints that do not name theirs. */
  name: string;
  invoke(request: PredictRequest, options: InvokeOptions): Promise<Result<EndpointReply, Failure>>;
};
