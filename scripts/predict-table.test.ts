import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_INSTANCES } from "@/lib/contract";
import { createInference, type Inference } from "@/lib/server/inference/inference";
import { FEATURES } from "@/tables/current";
import golden from "@/tables/wdbc/golden.json";
import { predictTable } from "./predict-table";

const embedded = createInference({ target: { kind: "embedded" }, timeoutMs: 30_000 });
const cases = golden.cases.map(({ csv }) => csv.split(","));
const [first = []] = cases;
const keys = FEATURES.map(({ key }) => key);
const probabilities = golden.cases.map(({ probability }) => String(probability));

async function predict(
  input: string | Buffer,
  {
    json = false,
    model = embedded,
    pieces = 1,
  }: { json?: boolean; model?: Pick<Inference, "predict">; pieces?: number } = {},
) {
  const bytes = Buffer.from(input);
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  async function* read() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const problems: string[] = [];
  const table = predictTable(read(), {
    json,
    model,
    report: (line, message) => problems.push(`${line}: ${message}`),
  });
  let text = "";
  for (;;) {
    const { done, value } = await table.next();
    if (done === true) return { lines: text.split("\n").slice(0, -1), problems, isWhole: value };
    text += value;
  }
}

const column = (lines: readonly string[], at: number, sign = ",") =>
  lines.map((line) => line.split(sign).at(at));
const table = (rows: readonly (readonly string[])[], sign = ",", newline = "\n") =>
  rows.map((row) => row.join(sign)).join(newline);

describe("predictTable", () => {
  it.each([
    ["commas", ",", "\n"],
    ["semicolons and CRLF", ";", "\r\n"],
    ["tabs", "\t", "\n"],
    ["old line ends", ",", "\r"],
  ])("gives the golden vectors behind a table's columns, with %s", async (_, sign, newline) => {
    const text = table([["id", ...keys], ...cases.map((row, at) => [`A-${at}`, ...row])], sign, newline);
    const { lines, problems, isWhole } = await predict(text);
    expect({ problems, isWhole }).toEqual({ problems: [], isWhole: true });
    expect(lines[0]?.split(sign)).toEqual(["id", ...keys, "label", "diagnosis", "probability", "cautions"]);
    expect(lines.slice(1).map((line) => line.split(sign).slice(0, -4))).toEqual(
      cases.map((row, at) => [`A-${at}`, ...row]),
    );
    expect(column(lines.slice(1), -2, sign)).toEqual(probabilities);
    expect(column(lines.slice(1), -4, sign)).toEqual(golden.cases.map(({ label }) => label));
  });

  it("finds the columns by any known name, in any order, and whatever pieces the bytes come in", async () => {
    const order = fc.shuffledSubarray(
      FEATURES.map(({ index }) => index),
      { minLength: FEATURES.length, maxLength: FEATURES.length },
    );
    const names = fc.constantFrom("key", "label", "alias" as const);
    await fc.assert(
      fc.asyncProperty(order, names, fc.integer({ min: 1, max: 200 }), async (places, name, pieces) => {
        const header = places.map((index) => FEATURES[index]?.[name] ?? "");
        const text = table(
          [header, ...cases.map((row) => places.map((index) => row[index] ?? ""))].map((row) =>
            row.map((cell) => `"${cell}"`),
          ),
        );
        const { lines, problems } = await predict(`\uFEFF${text}`, { pieces });
        expect(problems).toEqual([]);
        expect(column(lines.slice(1), -2)).toEqual(probabilities);
      }),
      { numRuns: 20 },
    );
  });

  it("reads rows without names by their places, with an id and a label beside them, and writes no names", async () => {
    for (const beside of [[], ["842302", "M"]]) {
      const { lines, problems } = await predict(table(cases.map((row) => [...beside, ...row])));
      expect(problems).toEqual([]);
      expect(lines).toHaveLength(cases.length);
      expect(column(lines, -2)).toEqual(probabilities);
      expect(lines[0]?.startsWith([...beside, ...first].join())).toBe(true);
    }
  });

  it("reads and writes decimal commas, and refuses a point among them", async () => {
    const german = cases.map((row) => row.map((cell) => cell.replace(".", ",")));
    const { lines, problems } = await predict(
      table([keys, ...german, ["17.99", ...(german[0]?.slice(1) ?? [])]], ";"),
    );
    expect(column(lines.slice(1), -2, ";")).toEqual(probabilities.map((text) => text.replace(".", ",")));
    expect(problems).toEqual(["6: Column 1 (radius_mean): The other numbers have a decimal comma."]);
  });

  it("keeps cells as they are, quoted where they have to be", async () => {
    const note = '5" of "it";\nand, more';
    const { lines } = await predict(
      table([
        ["note", ...keys],
        [`"${note.replaceAll('"', '""')}"`, ...first],
      ]),
    );
    expect(lines.slice(1).join("\n").startsWith('"5"" of ""it"";\nand, more",17.99')).toBe(true);
  });

  it("names what it adds otherwise where the table has such a column, as the truth is one", async () => {
    const { lines } = await predict(
      table([
        ["Diagnosis", ...keys],
        ["M", ...first],
      ]),
    );
    expect(
      lines[0]?.endsWith(",predicted_label,predicted_diagnosis,predicted_probability,predicted_cautions"),
    ).toBe(true);
  });

  it("leaves out bad lines, says which, and answers the others", async () => {
    const text = [
      keys.join(),
      first.join(),
      "",
      first.with(2, "x").join(),
      first.slice(1).join(),
      '"a\nb"',
      first.with(0, "").join(),
      first.with(0, "-1").join(),
      first.join(),
      ",,,",
    ].join("\n");
    const { lines, problems, isWhole } = await predict(text);
    expect(isWhole).toBe(true);
    expect(column(lines.slice(1), -2)).toEqual([probabilities[0], probabilities[0]]);
    expect(problems).toEqual([
      expect.stringMatching(/^4: Column 3 \(perimeter_mean\): This is not a number/),
      "5: There are 29 cells where the names are 30.",
      "6: There are 1 cells where the names are 30.",
      "8: Column 1 (radius_mean): Enter a number.",
      "9: Column 1 (radius_mean): A measurement cannot be negative.",
    ]);
  });

  it("writes JSON lines", async () => {
    const named = await predict(table([keys, first]), { json: true });
    expect(named.lines.map((text) => JSON.parse(text))).toMatchObject([
      {
        line: 2,
        given: { radius_mean: first[0] },
        label: "M",
        probability: golden.cases[0]?.probability,
        cautions: [],
      },
    ]);
    const unnamed = await predict(table([first]), { json: true });
    expect(JSON.parse(unnamed.lines[0] ?? "")).toMatchObject({ line: 1, given: first });
  });

  it.each<[string, string | Buffer, RegExp]>([
    ["nothing", "", /^1: There are no rows\.$/],
    ["blank lines", "\n \n", /^1: There are no rows\.$/],
    [
      "unknown names",
      `${keys.map((_, at) => `V${at}`).join()}\n${first.join()}`,
      /^1: The first line is neither names/,
    ],
    ["a missing column", `${keys.slice(1).join()}\n`, /^1: No column is called radius_mean\.$/],
    [
      "a column twice",
      `${["mean radius", ...keys].join()}\n`,
      /^1: Mean radius is named more than once|^1: Radius, mean is named more than once/,
    ],
    ["other numbers", "1,2,3\n", /^1: The first line is neither names/],
  ])("stops where there is %s", async (_, text, message) => {
    const { problems, isWhole, lines } = await predict(text);
    expect({ lines, isWhole }).toEqual({ lines: [], isWhole: false });
    expect(problems).toEqual([expect.stringMatching(message)]);
  });

  it("has a header alone for a table without rows", async () => {
    expect(await predict(keys.join())).toMatchObject({
      isWhole: true,
      problems: [],
      lines: [expect.any(String)],
    });
  });

  it("reads what Excel calls Unicode text, and refuses what is in no encoding that it knows", async () => {
    const text = Buffer.from(
      `\uFEFF${table(
        [
          ["Größe", ...keys],
          ["ä", ...first],
        ],
        "\t",
      )}`,
      "utf16le",
    );
    const { lines } = await predict(text, { pieces: 50 });
    expect(lines[1]?.startsWith("ä\t17.99")).toBe(true);
    await expect(predict(Buffer.from([0x61, 0xff, 0x0a]))).rejects.toThrow(TypeError);
  });

  it("keeps what is answered where the model fails, and says from which line on there is none", async () => {
    let requests = 0;
    const model: Pick<Inference, "predict"> = {
      predict: async (instances) => {
        requests += 1;
        if (requests === 1) return embedded.predict(instances);
        const error = {
          code: "bad_answer",
          reason: "bad_answer",
          what: "It failed.",
          advice: "Look.",
          requestId: "r",
        } as const;
        return {
          ok: false,
          error: { ...error, retryable: false, backend: "https", latencyMs: 1, failedAt: "gateway" },
        };
      },
    };
    const many = Array.from({ length: MAX_INSTANCES + 5 }, () => first);
    const { lines, problems, isWhole } = await predict(table([keys, ...many]), { model });
    expect(isWhole).toBe(false);
    expect(lines).toHaveLength(1 + MAX_INSTANCES);
    expect(problems).toEqual([`${MAX_INSTANCES + 2}: No prediction from this line on. It failed. Look.`]);
  });
});
