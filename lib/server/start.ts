import "server-only";
import { shownDatabaseUrl } from "@/lib/database-url";
import { startAuditHeads } from "@/lib/server/access/audit-head";
import { requireTeamDatabases } from "@/lib/server/access/teams";
import { startBatches } from "@/lib/server/batch/runner";
import { startWebhook } from "@/lib/server/batch/webhook";
import { env } from "@/lib/server/env";
import { warningsOf } from "@/lib/server/exposure";
import { startRetention } from "@/lib/server/history/retention";
import { inference } from "@/lib/server/inference/inference";
import { startIntegrityChecks } from "@/lib/server/integrity";
import { log } from "@/lib/server/log";
import { words } from "@/tables/current";

/** Set by server/serve.mjs, which listens once it is called. */
const STARTED = Symbol.for("cytodesk.started");
const shared = globalThis as { [STARTED]?: () => void };

/** Opens the databases, loads the model and starts what works in the background; ends the process with a message where one fails. */
export async function checkAtStart(): Promise<void> {
  try {
    const { DATABASE_URL } = env();
    await requireTeamDatabases();
    log("info", "started", {
      database: shownDatabaseUrl(DATABASE_URL),
      backend: inference().describe().backend,
    });
    for (const warning of warningsOf(env())) log("warn", "exposed", { warning });
    startAuditHeads();
    startRetention();
    startBatches();
    startWebhook();
    startIntegrityChecks();
    shared[STARTED]?.();
  } catch (error) {
    process.stderr.write(
      `${words.app.name} cannot start.\n${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
}
