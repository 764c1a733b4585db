import "server-only";

/** An operation of the document as a few lines that call it: curl, TypeScript and Python, without any library. */

/** What a call sends: `body` as JSON, or the file of this name. */
export type Call = {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: unknown;
  file?: string;
};

/** What of the answer is printed. */
type Printed = "json" | "text" | "status";

const json = (value: unknown) => JSON.stringify(value, null, 2);
const indented = (text: string, by: string) => text.replaceAll("\n", `\n${by}`);

function curl({ method, url, headers, body, file }: Call): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl -sS --fail-with-body${method === "GET" ? "" : ` -X ${method}`} ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quoted(json(body))}`]),
    ...(file === undefined ? [] : [`--data-binary ${quoted(`@${file}`)}`]),
  ].join(" \\\n  ");
}

function typeScript({ method, url, headers, body, file }: Call, printed: Printed): string {
  const options = [
    ...(method === "GET" ? [] : [`method: ${json(method)}`]),
    ...(Object.keys(headers).length === 0 ? [] : [`headers: ${indented(json(headers), "  ")}`]),
    ...(body === undefined ? [] : [`body: JSON.stringify(${indented(json(body), "  ")})`]),
    ...(file === undefined ? [] : [`body: await openAsBlob(${json(file)})`]),
  ];
  const given = options.length === 0 ? "" : `, {\n${options.map((line) => `  ${line},\n`).join("")}}`;
  return [
    ...(file === undefined ? [] : ['import { openAsBlob } from "node:fs";', ""]),
    `const answer = await fetch(${json(url)}${given});`,
    "if (!answer.ok) throw new Error(await answer.text());",
    `console.log(${{ json: "await answer.json()", text: "await answer.text()", status: "answer.status" }[printed]});`,
  ].join("\n");
}

/** A value of JSON as Python writes it. */
function pythonOf(value: unknown, by = ""): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const deeper = `${by}    `;
  const [open, close, items] = Array.isArray(value)
    ? ["[", "]", value.map((item) => pythonOf(item, deeper))]
    : [
        "{",
        "}",
        Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pythonOf(item, deeper)}`),
      ];
  return `${open}\n${items.map((item) => `${deeper}${item},\n`).join("")}${by}${close}`;
}

function python({ method, url, headers, body, file }: Call, printed: Printed): string {
  const given = [
    JSON.stringify(url),
    ...(method === "GET" ? [] : [`method=${JSON.stringify(method)}`]),
    ...(Object.keys(headers).length === 0 ? [] : [`headers=${pythonOf(headers, "    ")}`]),
    ...(body === undefined ? [] : [`data=json.dumps(${pythonOf(body, "    ")}).encode()`]),
    ...(file === undefined ? [] : [`data=open(${JSON.stringify(file)}, "rb")`]),
  ];
  return [
    ...(printed === "json" || body !== undefined ? ["import json"] : []),
    "from urllib.request import Request, urlopen",
    "",
    `request = Request(\n${given.map((line) => `    ${line},\n`).join("")})`,
    "with urlopen(request) as answer:",
    `    print(${{ json: "json.load(answer)", text: "answer.read().decode()", status: "answer.status" }[printed]})`,
  ].join("\n");
}

/** As `x-codeSamples` of OpenAPI has them. */
export const samplesOf = (call: Call, printed: Printed) => [
  { lang: "Shell", label: "curl", source: curl(call) },
  { lang: "TypeScript", label: "TypeScript", source: typeScript(call, printed) },
  { lang: "Python", label: "Python", source: python(call, printed) },
];
