import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the C library is told before the system: where the file FAILS is there, nothing reaches the disk. */
const SOURCE = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
static int sync_by(const char *name, int file) {
  const char *fails = getenv("FAILS");
  if (fails != NULL && access(fails, F_OK) == 0) { errno = EIO; return -1; }
  return ((int (*)(int))dlsym(RTLD_NEXT, name))(file);
}
int fsync(int file) { return sync_by("fsync", file); }
int fdatasync(int file) { return sync_by("fdatasync", file); }
`;

/** A disk that a program's syncs fail on between fail and mend: settings to start the program with. */
export function createFailingDisk() {
  const folder = mkdtempSync(join(tmpdir(), "cytodesk-disk-"));
  const [source, library, fails] = ["sync.c", "sync.so", "fails"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(source, SOURCE);
  execFileSync("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"]);
  return {
    settings: { LD_PRELOAD: library, FAILS: fails },
    fail: () => writeFileSync(fails, ""),
    mend: () => rmSync(fails),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
