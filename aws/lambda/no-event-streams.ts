/**
 * Stands for @smithy/core/event-streams in the Lambda's bundle (`npm run bundle:lambda`): InvokeEndpoint answers at once and
 * never by a stream, so the SDK reads how to take one for nothing, at each cold start. docs/decisions/0034-lambda-bundle.md
 */

export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

export function eventStreamSerdeProvider(): never {
  throw new Error("The bundle has nothing that reads streams of events.");
}

export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}
