import { become, ensureNode } from "./runtime.mjs";
import { setup } from "./setup.mjs";

/**
 * Runs one of the project's TypeScript commands where a fresh clone would lack what it needs:
 * `node scripts/run.mjs [--dev] [--build | --packages] FILE ARGUMENTS`. `--dev` installs also what only development and
 * tests need; `--packages` makes nothing of the sources, which may be of a newer version than the table.
 */

await ensureNode();
const args = process.argv.slice(2);
const take = (flag) => args[0] === flag && args.shift() === flag;
setup({ forServing: !take("--dev"), withBuild: take("--build"), onlyPackages: take("--packages") });
await become(process.execPath, ["--import", "tsx", ...args]);
