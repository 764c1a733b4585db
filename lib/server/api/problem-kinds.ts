import "server-only";
import { words } from "@/tables/current";

/** Every kind of problem. `says` is a sentence for whoever reads the reference. */
export const PROBLEMS = {
  "malformed-request": {
    status: 400,
    title: "The request cannot be read",
    says: "The body is not JSON, or the address has a parameter that is unknown, repeated or wrong.",
  },
  unauthenticated: {
    status: 401,
    title: "Nobody is signed in",
    says: "Where people sign in, a program sends a key that is valid, as Authorization: Bearer or X-Api-Key.",
  },
  "foreign-origin": {
    status: 403,
    title: "The request comes from another site",
    says: "A browser says by Origin or Sec-Fetch-Site that a page of another site sends it. Programs send neither.",
  },
  forbidden: {
    status: 403,
    title: "This may not be done with this key",
    says: "A key is made for reading, for predicting, or for both. Whoever administers the team can make another.",
  },
  "not-found": {
    status: 404,
    title: "There is no such thing",
    says: "Nothing is at this address, or nothing has this id.",
  },
  "method-not-allowed": {
    status: 405,
    title: "The method is not answered here",
    says: "The header Allow names those that are.",
  },
  "in-progress": {
    status: 409,
    title: "The same request is being answered",
    says: "A request with this Idempotency-Key has no answer yet. Wait for it.",
  },
  deleted: {
    status: 409,
    title: "The prediction is in the bin",
    says: "What is deleted is not changed. A person can take it out of the bin.",
  },
  "wrong-state": {
    status: 409,
    title: "The batch is in another state",
    says: "What a batch can be told depends on how far it is. Read it again; detail says which state it takes.",
  },
  "changed-meanwhile": {
    status: 412,
    title: "It has changed meanwhile",
    says: "If-Match names another state than the present one. Read it again, and decide again.",
  },
  "body-too-large": {
    status: 413,
    title: "The body is too large",
    says: "Send fewer cases in one request.",
  },
  "unsupported-media-type": {
    status: 415,
    title: "The body has the wrong type",
    says: "Content-Type has to be the one that the operation takes.",
  },
  "invalid-body": {
    status: 422,
    title: "The body is not what the operation takes",
    says: "Each of errors points at one place in the body (RFC 6901) and says what is wrong there.",
  },
  "not-one-case": {
    status: 422,
    title: "The values do not fit one case",
    says: "Too many lie outside every training case, or contradict each other: their order or their units may be wrong. Nothing is saved.",
  },
  "idempotency-key-reused": {
    status: 422,
    title: "The Idempotency-Key is of another request",
    says: "A key names one body. Use a new key for new cases.",
  },
  misdirected: {
    status: 421,
    title: "The host name is not one of ours",
    says: `Whoever runs ${words.app.name} can add it to ALLOWED_HOSTS.`,
  },
  "too-many-requests": {
    status: 429,
    title: "Too many requests",
    says: "The headers RateLimit-Policy and RateLimit say how many are answered in which time, and Retry-After when to try again. Nothing has changed.",
  },
  busy: {
    status: 503,
    title: "Too much runs at the same time",
    says: "So many files are made at the same time, or so many requests answered, and no more. Retry-After says when to try again. Nothing has changed.",
  },
  internal: {
    status: 500,
    title: `A fault of ${words.app.name}`,
    says: "The log says more, by the request's id.",
  },
  "model-failed": {
    status: 502,
    title: "The model gave no valid answer",
    says: "The model that runs elsewhere failed, or is not set up correctly. Nothing is saved.",
  },
  "model-unavailable": {
    status: 503,
    title: "The model cannot be reached now",
    says: "It is busy, starting or gone. Retry-After says when to try again. Nothing is saved.",
  },
  "database-unavailable": {
    status: 503,
    title: "The database cannot be used now",
    says: "Retry-After says when to try again. Nothing has changed.",
  },
  "unknown-if-changed": {
    status: 500,
    title: "It is not known whether anything has changed",
    says: "The disk or the database failed as a change was to be kept. Look before you ask again; with the same Idempotency-Key, asking again is safe.",
  },
  "files-unavailable": {
    status: 503,
    title: "The files of batches cannot be used now",
    says: "The disk is full, or the folder or bucket of BATCH_URL is not there. Retry-After says when to try again.",
  },
  "model-timeout": {
    status: 504,
    title: "The model did not answer in time",
    says: "The model that runs elsewhere took too long. Nothing is saved.",
  },
} as const satisfies Record<string, { status: number; title: string; says: string }>;
export type ProblemKind = keyof typeof PROBLEMS;
