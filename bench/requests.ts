import { readFileSync } from "node:fs";
import { FEATURE_KEYS } from "../tables/current";
import { parseActionAnswer } from "../test/flight";
import type { Case } from "./cases";
import type { Answer, Contestant } from "./load";
import { newFormKey } from "./prediction-row";

type Next = ReturnType<Contestant["next"]>;

/** A different sum in another order may differ in the last bits; a different model differs in more. */
const PROBABILITY_TOLERANCE = 1e-9;

/** The id by which HTTP names the exported function `name` of `file` ("app/actions.ts") in the present build. */
export function findActionId(file: string, name: string): string {
  const path = new URL("../.next/server/server-reference-manifest.json", import.meta.url);
  const manifest = JSON.parse(readFileSync(path, "utf8")) as {
    node: Record<string, { filename?: string; exportedName?: string }>;
  };
  const found = Object.entries(manifest.node).find(
    ([, action]) => action.filename === file && action.exportedName === name,
  );
  if (found === undefined) throw new Error(`the build has no server action ${name} in ${file}`);
  return found[0];
}

/** Predict and save as the form does it: the server action, called as React calls it. */
export function appPredict(port: number, actionId: string, turn: () => Case): Next {
  const tried = turn();
  return {
    outgoing: {
      method: "POST",
      path: "/",
      headers: {
        Accept: "text/x-component",
        "Content-Type": "text/plain;charset=UTF-8",
        "Next-Action": actionId,
        Origin: `http://127.0.0.1:${port}`,
      },
      body: predictBody(tried),
    },
    check: (answer) => checkStatus(answer, 200) ?? checkOutcome(parseActionAnswer(answer.body), tried),
  };
}

/** The same values to the API, which answers JSON. */
export function apiPredict(turn: () => Case): Next {
  const tried = turn();
  const { values } = tried;
  const measurements = Object.fromEntries(FEATURE_KEYS.map((key, index) => [key, values[index]]));
  return {
    outgoing: {
      method: "POST",
      path: "/api/v1/predictions",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ measurements }),
    },
    check: (answer) => {
      const wrong = checkStatus(answer, 201);
      if (wrong !== null) return wrong;
      const { measurements: saved, ...said } = JSON.parse(answer.body.toString("utf8")) as {
        measurements: Record<string, number>;
        diagnosis: string;
        probability: number;
      };
      const value = { ...said, values: FEATURE_KEYS.map((key) => saved[key]) };
      return checkOutcome({ ok: true, value }, tried);
    },
  };
}

/** The same values to the plain server, which answers JSON. */
export function plainPredict(turn: () => Case): Next {
  const tried = turn();
  return {
    outgoing: {
      method: "POST",
      path: "/predict",
      headers: { "Content-Type": "application/json" },
      body: predictBody(tried),
    },
    check: (answer) =>
      checkStatus(answer, 200) ?? checkOutcome(JSON.parse(answer.body.toString("utf8")) as unknown, tried),
  };
}

// Django takes any 32 letters that come back both ways.
const CSRF = "benchbenchbenchbenchbenchbenchbe";

/** The same values to Django as a form post; its redirect to the list of all rows is not followed. */
export function djangoPredict(turn: () => Case): Next {
  const { texts } = turn();
  return {
    outgoing: {
      method: "POST",
      path: "/",
      headers: { "Content-Type": "application/x-www-form-urlencoded", Cookie: `csrftoken=${CSRF}` },
      body: new URLSearchParams({ csrfmiddlewaretoken: CSRF, ...texts }).toString(),
    },
    check: (answer) =>
      checkStatus(answer, 302) ?? (answer.headers.location === "/list" ? null : "redirected elsewhere"),
  };
}

/** A page that must hold all of `wanted`. */
export function page(path: string, wanted: readonly string[]): Next {
  return {
    outgoing: { method: "GET", path, headers: { Accept: "text/html" } },
    check: (answer) => {
      const missing = wanted.find((text) => !answer.body.includes(text));
      return checkStatus(answer, 200) ?? (missing === undefined ? null : `${path} lacks ${missing}`);
    },
  };
}

/** What tells that all fields are there. */
export const FORM_FIELDS: readonly string[] = FEATURE_KEYS.map((key) => `name="${key}"`);

function predictBody({ texts }: Case): string {
  return JSON.stringify([{ key: newFormKey(), values: texts }]);
}

function checkStatus({ status, body }: Answer, wanted: number): string | null {
  return status === wanted ? null : `status ${status}: ${body.toString("utf8").slice(0, 200)}`;
}

function checkOutcome(value: unknown, { prediction, values }: Case): string | null {
  const outcome = value as {
    ok?: boolean;
    value?: { diagnosis?: string; probability?: number; values?: number[] };
  };
  if (outcome?.ok !== true || outcome.value === undefined) return `refused: ${JSON.stringify(value)}`;
  const { diagnosis, probability = Number.NaN, values: saved = [] } = outcome.value;
  if (diagnosis !== prediction.diagnosis) return `answered ${diagnosis} where the model says otherwise`;
  if (!(Math.abs(probability - prediction.probability) <= PROBABILITY_TOLERANCE)) {
    return `answered ${probability} where the model says ${prediction.probability}`;
  }
  return values.every((number, index) => number === saved[index])
    ? null
    : "saved other values than were sent";
}
