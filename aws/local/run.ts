import { API_TEMPLATE, readApiDescription } from "./api-description";
import { startPath } from "./path";

/** `npm run aws:local`: the whole AWS path on loopback until Ctrl-C, after bundling and synthesis. */

const PORTS = { container: 8080, sagemaker: 8081, lambda: 8082, gateway: 8083 };
const COLOURS = { container: 33, sagemaker: 35, lambda: 36, gateway: 34 };

const path = await startPath({
  api: readApiDescription(API_TEMPLATE),
  ports: PORTS,
  log: (hop, line) => {
    const prefix = hop.padEnd(9);
    console.log(
      process.stdout.isTTY ? `\u001b[${COLOURS[hop]}m${prefix}\u001b[0m ${line}` : `${prefix} ${line}`,
    );
  },
});
const settings = Object.entries(path.environment).map(([name, value]) => `${name}=${value}`);
console.log(`
  The AWS path is up, Ctrl-C ends it. The web application on it, from another terminal:

  ${settings.join(" ")} npm start
`);

let stopping = false;
async function end(code: number) {
  if (stopping) return;
  stopping = true;
  await path.stop();
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void end(0));
const hop = await path.ended;
if (!stopping) {
  console.error(`${hop} ended by itself; stopping the others.`);
  await end(1);
}
