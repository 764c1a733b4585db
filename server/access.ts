import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { ownPath } from "../lib/access/own-path";
import { type Actor, runAs } from "../lib/server/access/actor";
import { programOfKey, shownKey } from "../lib/server/access/api-key";
import { takeAttempt } from "../lib/server/access/attempts";
import { personOfCookies } from "../lib/server/access/session";
import { AUTH_PATH, CLIENT_ADDRESS, OIDC, PROVIDER_REFUSED, signIn } from "../lib/server/access/sign-in";
import { visiting } from "../lib/server/access/visit";
import { env } from "../lib/server/env";
import { addressOf } from "../lib/server/limits/limits";
import { log } from "../lib/server/log";
import { readAtMost } from "../lib/server/read-at-most";
import { MOST_FORM_BYTES } from "./request-guard.mjs";

/**
 * The door: who comes in where people sign in. Bundled (`npm run bundle:server`) as the API is, and loaded only there. What is
 * not on a list here is open to nobody who is not signed in.
 */

export { firstLink } from "../lib/server/access/set-up";

/** Whoever watches the server has a token, which the address itself asks for, or a key. */
const METRICS = "/api/metrics";

/** What anybody may have: how to sign in, what its pages are drawn with, and what asks for its own token. */
const OPEN =
  /^\/(?:sign-in(?:\/second)?|set-up|api\/health\/(?:live|ready)|api\/metrics|theme\.css|manifest\.webmanifest|robots\.txt)$/;
const OPEN_FILES = /^\/(?:_next\/static\/|(?:icon(?:-\d+)?|favicon)\.(?:svg|png|ico)$)/;

/** What better-auth answers, of all that it could; `signedIn`: only to who is. */
const AUTH: Record<string, { signedIn: boolean; counts: boolean }> = {
  [`GET ${AUTH_PATH}/callback/${OIDC}`]: { signedIn: false, counts: false },
  [`GET ${AUTH_PATH}/passkey/generate-authenticate-options`]: { signedIn: false, counts: false },
  [`POST ${AUTH_PATH}/passkey/verify-authentication`]: { signedIn: false, counts: true },
  [`GET ${AUTH_PATH}/passkey/generate-register-options`]: { signedIn: true, counts: false },
  [`POST ${AUTH_PATH}/passkey/verify-registration`]: { signedIn: true, counts: false },
};

/** Where signing in with the provider begins. A link, since Chromium lets no form lead to another host. */
const TO_PROVIDER = `GET ${AUTH_PATH}/${OIDC}`;

type Refused = { status: 401 | 503; sentence: string; headers?: Record<string, string> };
type Visit = {
  request: IncomingMessage;
  response: ServerResponse;
  isProgram: boolean;
  /** Answers a program that is refused, as the API does. */
  refuseProgram: (refused: Refused) => void;
  /** Answers who is let in. */
  answer: () => void;
};

/** Finds out who asks, and has them answered as who they are, or refused. */
export async function admit(visit: Visit): Promise<void> {
  const { request, response, answer } = visit;
  try {
    request.headers[CLIENT_ADDRESS] = addressOf(request, env().TRUSTED_PROXIES);
    const [path = ""] = (request.url ?? "").split("?");
    const who = await whoAsks(visit, path);
    if (path.startsWith(`${AUTH_PATH}/`)) await authenticate(request, response, path, who);
    else if (who !== null) runAs(who, () => visiting(response, answer));
    else if (OPEN.test(path) || OPEN_FILES.test(path)) visiting(response, answer);
    else refuse(visit);
  } catch (error) {
    log("error", "door_failed", { method: request.method }, error);
    const sentence = "Who you are could not be found out, since the database cannot be read. Try again.";
    if (response.headersSent) response.destroy();
    else refuseWith(visit, { status: 503, sentence, headers: { "Retry-After": "5" } });
  }
}

/** A key counts for the API and the metrics alone, and where one is shown, no cookie does. */
async function whoAsks({ request: { headers }, isProgram }: Visit, path: string): Promise<Actor | null> {
  const key = isProgram || path === METRICS ? shownKey(headers) : null;
  if (key === null) return personOfCookies(headers.cookie);
  const program = await programOfKey(key);
  if (program === null && isProgram) log("warn", "key_refused", { address: String(headers[CLIENT_ADDRESS]) });
  return program;
}

/** A person who comes to a page is led to where they can sign in; anything else is told. */
function refuse(visit: Visit): void {
  const { request, response, isProgram } = visit;
  const { method, headers, url } = request;
  const { rsc, "sec-fetch-mode": mode = "navigate" } = headers;
  const isReading = method === "GET" || method === "HEAD";
  const isPage = !isProgram && !url?.startsWith("/api/");
  if (isPage && isReading && rsc === undefined && mode === "navigate") {
    const next = ownPath(url);
    const location = next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`;
    response.writeHead(303, { Location: location, "Cache-Control": "no-store" }).end();
    return;
  }
  const sentence = isProgram
    ? "Send a key that is valid as Authorization: Bearer KEY or X-Api-Key: KEY. An administrator of your team can make one."
    : "You are not signed in any more. Sign in again in another tab, then repeat what you did.";
  const headersOf401 = isProgram ? { "WWW-Authenticate": "Bearer" } : undefined;
  refuseWith(visit, { status: 401, sentence, headers: headersOf401 });
}

function refuseWith({ response, isProgram, refuseProgram }: Visit, refused: Refused): void {
  if (isProgram) refuseProgram(refused);
  else say(response, refused.status, refused.sentence, refused.headers);
}

/** A body above a form's is not waited for: who sends it is cut off, and may not read the answer. */
function isLong({ "content-length": length, "transfer-encoding": coding }: IncomingHttpHeaders): boolean {
  return coding !== undefined || Number(length ?? 0) > MOST_FORM_BYTES;
}

/** To the letter the type of which Next's client takes the text. */
function say(
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, {
    "Content-Type": "text/plain",
    "Cache-Control": "no-store",
    ...(isLong(response.req.headers) && { Connection: "close" }),
    ...headers,
  });
  response.end(`${sentence}\n`);
}

async function authenticate(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  who: Actor | null,
): Promise<void> {
  const asked = `${request.method} ${path}`;
  if (asked === TO_PROVIDER && env().OIDC_ISSUER !== undefined) {
    await leadToProvider(request, response);
    return;
  }
  const known = AUTH[asked];
  if (known === undefined) return say(response, 404, "Nothing is at this address.");
  if (known.signedIn && who === null) return say(response, 401, "You are not signed in any more.");
  const wait = known.counts ? await takeAttempt(String(request.headers[CLIENT_ADDRESS])) : null;
  if (wait !== null) {
    return say(response, 429, "Too many tries. Try again later.", { "Retry-After": String(wait) });
  }
  const { handler } = await signIn();
  await send(await handler(await webRequest(request)), response, request.method === "GET");
}

/** A request as better-auth reads it: server/request-guard.mjs has seen to it that it comes from a page of ours. */
async function webRequest(request: IncomingMessage): Promise<Request> {
  const { PUBLIC_URL = "" } = env();
  const headers = headersOf(request);
  if (request.method !== "POST") return new Request(PUBLIC_URL + request.url, { headers });
  headers.set("origin", PUBLIC_URL);
  headers.set("content-type", "application/json");
  return new Request(PUBLIC_URL + request.url, { method: "POST", headers, body: await bodyOf(request) });
}

const PASSED_ON = ["cookie", "user-agent", CLIENT_ADDRESS] as const;

function headersOf({ headers }: IncomingMessage): Headers {
  return new Headers(
    PASSED_ON.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  );
}

/** A passkey's answer is some kilobytes. */
const MOST_BYTES = 64 * 1024;

const bodyOf = async (request: IncomingMessage): Promise<string> =>
  (await readAtMost(request, MOST_BYTES))?.toString("utf8") ?? "";

/** Passes an answer on; without its body where that would show a script the session that its cookie hides from it. */
async function send(answer: Response, response: ServerResponse, withBody: boolean): Promise<void> {
  const { status, headers } = answer;
  const location = headers.get("location");
  response.writeHead(status, {
    "Cache-Control": "no-store",
    ...(withBody && { "Content-Type": headers.get("content-type") ?? "application/json" }),
    ...(location !== null && { Location: location }),
    "Set-Cookie": headers.getSetCookie(),
  });
  response.end(withBody ? Buffer.from(await answer.arrayBuffer()) : undefined);
}

async function leadToProvider(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { api } = await signIn();
  const next = ownPath(new URLSearchParams((request.url ?? "").split("?")[1]).get("next"));
  try {
    const { headers, response: begun } = await api.signInSocial({
      body: { provider: OIDC, callbackURL: next, errorCallbackURL: PROVIDER_REFUSED },
      headers: headersOf(request),
      returnHeaders: true,
    });
    if (begun.url === undefined) throw new Error("The provider has no address to sign in at.");
    response.writeHead(303, {
      Location: begun.url,
      "Cache-Control": "no-store",
      "Set-Cookie": headers.getSetCookie(),
    });
  } catch (error) {
    log("error", "provider_failed", {}, error);
    response.writeHead(303, { Location: PROVIDER_REFUSED, "Cache-Control": "no-store" });
  }
  response.end();
}
