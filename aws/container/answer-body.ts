import type { createInProcessEndpoint } from "../../lib/inference/in-process-endpoint";
import type { ContainerSettings } from "./container-env";
import { readerOf, writerOf } from "./content";

export type Endpoint = ReturnType<typeof createInProcessEndpoint>;
export type Answer = { status: number; type: string; body: string };
export type Limits = Pick<ContainerSettings, "maxPayloadMB" | "maxAnswerMB" | "csvColumns">;
/** The headers that say how a body is written and its answer is to be. */
export type Types = { contentType?: string; accept?: string };

export const json = (status: number, value: object): Answer => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});
export const problem = (status: number, message: string) => json(status, { error: message });

/** What is wrong with the types of a request, before its body is read. */
export function refuseTypes({ contentType, accept }: Types): Answer | null {
  const known = "text/csv, application/json or application/jsonlines";
  if (readerOf(contentType) === undefined) return problem(415, `the Content-Type must be ${known}`);
  return writerOf(accept) === undefined ? problem(406, `the Accept must allow ${known}`) : null;
}

/** Answers the body of an invocation, in one turn. */
export function answerBody(
  endpoint: Endpoint,
  { maxAnswerMB, csvColumns }: Pick<Limits, "maxAnswerMB" | "csvColumns">,
  types: Types,
  body: string,
): Answer {
  const instances = readerOf(types.contentType)?.(body);
  const writer = writerOf(types.accept, csvColumns);
  if (instances === undefined || writer === undefined) return refuseTypes(types) ?? problem(415, "unknown");
  if (!instances.ok) return problem(400, instances.error);
  const answer = writer.write(endpoint.answer(instances.value));
  // SageMaker does not document what becomes of a longer one; whoever asked can only ask for less.
  if (Buffer.byteLength(answer) > maxAnswerMB * 1024 * 1024) {
    return problem(413, `the answer is larger than ${maxAnswerMB} MB: ask for fewer rows`);
  }
  return { status: 200, type: writer.type, body: answer };
}
