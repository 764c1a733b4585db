import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { isMainThread } from "node:worker_threads";
import { createInProcessEndpoint } from "../../lib/inference/in-process-endpoint";
import { type ContainerSettings, parseContainerEnv } from "./container-env";
import { answerLongBodies, createLongBodies } from "./long-bodies";
import { createContainerServer } from "./serve";
import { trainInContainer } from "./train";

/** The container's entry point: SageMaker runs it with "train" or "serve". */

function log(event: string, fields: Record<string, string | number> = {}): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`);
}

function serve({ port, address, modelFile, ...limits }: ContainerSettings): void {
  const endpoint = createInProcessEndpoint(JSON.parse(readFileSync(modelFile, "utf8")));
  const { maxAnswerMB, csvColumns } = limits;
  const answerLong = createLongBodies({ modelFile, limits: { maxAnswerMB, csvColumns } });
  const server = createContainerServer(endpoint, limits, answerLong, log);
  server.listen(port, address, () => {
    // Port 0 is any free one.
    const bound = server.address();
    log("serving", {
      port: typeof bound === "object" && bound !== null ? bound.port : port,
      model: endpoint.name,
      hash: endpoint.identity.hash ?? "",
    });
  });
  // SageMaker kills 30 s later; what is in flight is answered, and idle connections are closed at once.
  process.once("SIGTERM", () => {
    log("stopping");
    server.close(() => process.exit(0));
  });
}

/** The reason goes where SageMaker shows it: the first 1024 characters of the failure file. */
function trainOrTell(settings: ContainerSettings): void {
  try {
    trainInContainer(settings);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    mkdirSync(dirname(settings.failureFile), { recursive: true });
    writeFileSync(settings.failureFile, reason);
    console.error(reason);
    process.exit(1);
  }
}

const settings = parseContainerEnv(process.env);
const command = process.argv[2];
if (!settings.ok) {
  console.error(settings.error);
  process.exit(1);
} else if (!isMainThread) answerLongBodies();
else if (command === "serve") serve(settings.value);
else if (command === "train") {
  // Training is one uninterrupted computation of about a second and writes its artifact last, so ending at once is clean.
  process.once("SIGTERM", () => process.exit(143));
  trainOrTell(settings.value);
} else {
  console.error('Expected "train" or "serve".');
  process.exit(2);
}
