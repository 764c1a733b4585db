import { become, ensureNode } from "./runtime.mjs";
import { setup } from "./setup.mjs";

/**
 * Runs one of the project's TypeScript commands where a fresh clone would lack what it needs:
 * `node scripts/run.mjs [--dev] [--build] FILE ARGUMENTS`. `--dev` installs also what only development and tests need.
 */

await ensureNode();
const args = process.argv.slice(2);
const take = (flag) => args[0] === flag && args.shift() === flag;
setup({ forServing: !take("--dev"), withBuild: take("--build") });
await become(process.execPath, ["--import", "tsx", ...args]);
