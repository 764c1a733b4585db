"use server";

import type { PathTest } from "@/lib/path-status";
import { testPath } from "@/lib/server/inference/test-path";

/** Sends a known case through the path in use; saves nothing. */
export async function test(_: PathTest | null): Promise<PathTest> {
  return testPath();
}
