import "server-only";
import type { Handler } from "@/aws/lambda/handler";
import { ok } from "@/lib/result";
import type { Send } from "./backend";

/** Calls the Lambda handler in this process with the event API Gateway would send. */
export function sendToHandler(handler: Handler): Send {
  return async (body, { signal, requestId }) => {
    const answer = await handler(
      {
        body,
        isBase64Encoded: false,
        headers: { "content-type": "application/json", "x-request-id": requestId },
        requestContext: { requestId },
      },
      { signal },
    );
    return ok({
      status: answer.statusCode,
      contentType: answer.headers["content-type"] ?? null,
      retryAfter: answer.headers["retry-after"] ?? null,
      body: answer.body,
    });
  };
}
