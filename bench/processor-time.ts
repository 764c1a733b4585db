import { readdirSync, readFileSync } from "node:fs";

// The unit of /proc/PID/stat is USER_HZ, which Linux fixes at 100 for every platform that Node supports.
const MS_PER_TICK = 10;

/** Processor time that a process and its descendants have used so far; null where /proc does not tell. */
export function processorMilliseconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const own = (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
    return children.reduce((sum, child) => sum + (processorMilliseconds(Number(child)) ?? 0), own);
  } catch {
    return null;
  }
}
