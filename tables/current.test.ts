import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** What may speak of this table: its folder, the lines that pick it, tests and documents of it. */
const ABOUT_THIS_TABLE = [
  /^tables\/(\w[\w-]*\/|current(-model)?\.ts$)/,
  /\.test\.ts$|^e2e\//,
  /^docs\/|^README\.md$/,
  /^bench\/peers\//,
  /^prisma\/.*migrations/,
];
/** Written by programs, or no text. */
const NO_SOURCE = /package-lock\.json$|\.(png|svg|csv|sql)$/;

const sources = execFileSync("git", ["ls-files"], { encoding: "utf8" })
  .split("\n")
  .filter((path) => path !== "" && !NO_SOURCE.test(path) && !ABOUT_THIS_TABLE.some((part) => part.test(path)))
  .map((path) => ({ path, lines: readFileSync(path, "utf8").split("\n") }));

const found = (pattern: RegExp, except: readonly string[] = []) =>
  sources.flatMap(({ path, lines }) =>
    except.includes(path)
      ? []
      : lines.flatMap((line, at) => (pattern.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );

describe("outside its folder, the source", () => {
  it("is looked at", () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(found(/tables\/current/).length).toBeGreaterThan(50);
  });

  it("does not name the table or what it is of", () => {
    expect(found(/breast|biops|nuclei|nuclear|nucleus|wdbc|wolberg|teague|cytolog/i)).toEqual([]);
  });

  it("does not spell the classes' codes", () => {
    expect(found(/["'`][MB]["'`]/)).toEqual([]);
  });

  it("does not say the classes' words, apart from a key of evaluation.json", () => {
    expect(found(/\b(malignant|benign)\b/i, ["model/cli.ts", "lib/server/model/model-card.ts"])).toEqual([]);
  });

  it("does not say whom or what its cases are of, apart from what looks like personal data", () => {
    expect(
      found(/patient|microscop|aspirat|clinic|lesion|tumou?r|cancer|hospital|laborator/i, [
        "lib/notes/personal-data.ts",
      ]),
    ).toEqual([]);
  });

  it("does not call a column's value a measurement, nor the application by this table's name, where one reads it", () => {
    const isRead = (line: string) => /^(app|components|lib|server)\/(?!.*: (\/\/|\/?\*))/.test(line);
    expect(
      found(
        /\b(the|all|these|of|an?|each|every|other|more|no|related|strongest) measurements?\b(?! ?[:=,}])/i,
      ).filter(isRead),
    ).toEqual([]);
    expect(found(/Cytodesk/).filter(isRead)).toEqual([]);
  });

  it("does not count its measurements or its rows", () => {
    expect(
      found(/\b(30|thirty) (\w+ )?(measurements|values|numbers|fields|features|terms|columns)\b/i),
    ).toEqual([]);
    expect(found(/\b(all|of|the|these) (30|thirty|29|twenty-nine)\b(?! (s|days|minutes)\b)/i)).toEqual([]);
    expect(found(/\bother (29|20|twenty)\b|\b569\b/i)).toEqual([]);
  });
});
