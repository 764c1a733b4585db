import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { env } from "../lib/server/env";
import { predictTable } from "./predict-table";
import { loadDotEnv } from "./setup.mjs";

/** `npm run --silent predict -- FILE > OUT`, `-` for standard input; see docs/command-line.md. */

const USAGE = `npm run --silent predict -- [--json] FILE > OUT
FILE is a table with commas, semicolons or tabs, or - for standard input. Answers with all its columns and those of
the prediction. Ends with 1 where lines were left out, each of which is named on standard error; with 2 where it
could not go on.`;

class UserError extends Error {}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new UserError(USAGE);
  // npm writes what it runs to standard output, in front of the table.
  if (
    process.env.npm_lifecycle_event === "predict" &&
    process.env.npm_config_loglevel !== "silent" &&
    !process.stdout.isTTY
  ) {
    throw new UserError("npm has written to the output. Use: npm run --silent predict -- FILE > OUT");
  }
  loadDotEnv();
  env();
  let bad = 0;
  const shown = name === "-" ? "stdin" : name;
  const report = (line: number, message: string) => {
    bad += 1;
    process.stderr.write(`${shown}:${line}: ${message}\n`);
  };
  const input = name === "-" ? process.stdin : createReadStream(name);
  let isWhole = true;
  await pipeline(async function* () {
    const table = predictTable(input, { json: values.json, report });
    for (;;) {
      const { done, value } = await table.next();
      if (done === true) {
        isWhole = value;
        return;
      }
      yield value;
    }
  }, process.stdout);
  if (!isWhole) return 2;
  return bad === 0 ? 0 : 1;
}

/** Whoever reads the output needs no more of it. */
const isClosedPipe = (error: unknown) => error instanceof Error && "code" in error && error.code === "EPIPE";

const explain = (error: unknown) => {
  if (!(error instanceof Error)) return String(error);
  const isText = "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA";
  return isText ? "The rest of this is no UTF-8. Save it as UTF-8." : error.message;
};

try {
  process.exitCode = await main();
} catch (error) {
  if (!isClosedPipe(error)) {
    console.error(explain(error));
    process.exitCode = 2;
  }
}
