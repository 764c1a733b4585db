import "server-only";
import { shownDatabaseUrl } from "@/lib/database-url";
import { database } from "@/lib/server/db";
import { env } from "@/lib/server/env";
import { inference } from "@/lib/server/inference/inference";
import { log } from "@/lib/server/log";

/** Parses the environment, opens the database and loads the model; ends the process with a message where one fails. */
export async function checkAtStart(): Promise<void> {
  try {
    const { DATABASE_URL } = env();
    await (await database()).prediction.findFirst({ select: { id: true } });
    log("info", "started", {
      database: shownDatabaseUrl(DATABASE_URL),
      backend: inference().describe().backend,
    });
  } catch (error) {
    process.stderr.write(
      `Cytodesk cannot start.\n${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
}
