import { readdirSync, readFileSync } from "node:fs";

/**
 * Megabytes of memory that a process and its descendants take, each shared page divided among those that share it (PSS);
 * null where /proc does not tell.
 */
export function memoryMegabytes(pid: number): number | null {
  try {
    const own = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
    if (own?.[1] === undefined) return null;
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
    return children.reduce(
      (sum, child) => sum + (memoryMegabytes(Number(child)) ?? 0),
      (Number(own[1]) * 1024) / 1e6,
    );
  } catch {
    return null;
  }
}
