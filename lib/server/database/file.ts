import "server-only";
import { statSync } from "node:fs";
import { words } from "@/tables/current";

/** Which file stands at a path, whatever its name: its device and inode. */
export type FileIdentity = string;

/** The file at a path; throws where there is none. */
export function fileAt(path: string): FileIdentity {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

/** The file that is open no longer stands at its path; the message says what to do. */
class DatabaseFileGone extends Error {
  override readonly name = "DatabaseFileGone";
}

/** Next compiles a class once for each of its bundles, so that `instanceof` would not find it. */
export const isDatabaseFileGone = (error: unknown): error is Error =>
  error instanceof Error && error.name === "DatabaseFileGone";

/**
 * Throws DatabaseFileGone unless the file that was opened as `opened` still stands at the path. What is written into a
 * file that was removed, moved away or replaced is gone when the process ends, and SQLite does not notice.
 */
export function assertSameFile(path: string, opened: FileIdentity): void {
  let found: FileIdentity | undefined;
  try {
    found = fileAt(path);
  } catch {
    // Reported below.
  }
  if (found !== opened) {
    throw new DatabaseFileGone(
      `The database file was ${found === undefined ? "removed" : "replaced"} while it was open. Put it back, or start ${words.app.name} again.`,
    );
  }
}
