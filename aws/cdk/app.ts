import { createApp } from "./application";

/** What the CDK's command line runs (`--app`): writes the templates to CDK_OUTDIR. */
const app = createApp();
if (app.ok) app.value.synth();
else {
  process.stderr.write(`${app.error}\n`);
  process.exitCode = 1;
}
