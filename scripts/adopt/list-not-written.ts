import { join } from "node:path";
import { table } from "../../tables/current";
import { root } from "../setup.mjs";
import { findTodos } from "./not-written";

/** What `npm run check` says of texts that a person has still to write; with `--strict` it fails where there are any. */

const todos = findTodos(join(root, "tables", table.name), `tables/${table.name}`);
for (const { place, question } of todos) console.log(`${place}: ${question}`);
console.log(todos.length === 0 ? "All texts are written." : `${todos.length} texts are not written yet.`);
if (todos.length > 0 && process.argv.includes("--strict")) process.exitCode = 1;
