/** Runs once when the server starts: a bad environment or an unusable database stops it here, with a message. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { checkAtStart } = await import("@/lib/server/start");
  await checkAtStart();
}
