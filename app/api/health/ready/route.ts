import { answerHealth, checkReady } from "@/lib/server/health";

/**
 * Whether requests can be sent here: 503 where the database cannot be written. The model may be another's to look after. Load
 * balancers have no session, so it is open to all, and says no more; /api/health says why.
 */
export const GET = async () => {
  const { status, version, node } = await checkReady();
  return answerHealth({ status, version, node });
};
