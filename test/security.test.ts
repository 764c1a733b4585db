import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

const rows = [...read("docs/security.md").matchAll(/^\| [\d., ]+\| .+? \| `([^`|]+\.ts)` *\| (.+?) *\|$/gm)];

it("docs/security.md names tests", () => expect(rows.length).toBeGreaterThan(30));

it.each(rows.map(([, file = "", title = ""]) => [title, file]))("“%s” is a test of %s", (title, file) => {
  expect(read(file)).toContain(title);
});
