import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A text that a person has still to write. */
export type Todo = { place: string; question: string };

/** The `todo("…")` of a table's folder, by file and line; `shown` is what its path is called. */
export function findTodos(folder: string, shown: string): Todo[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => todosIn(readFileSync(join(folder, file), "utf8"), `${shown}/${file}`));
}

/** Where comments show how it is written, nothing is asked. */
export function todosIn(source: string, path: string): Todo[] {
  return source.split("\n").flatMap((line, at) => {
    if (/^\s*\/\//.test(line)) return [];
    return [...line.matchAll(/\btodo\("((?:[^"\\]|\\.)*)"\)/g)].map(([, question = ""]) => ({
      place: `${path}:${at + 1}`,
      question,
    }));
  });
}
