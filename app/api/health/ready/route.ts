import { answerHealth, checkReady } from "@/lib/server/health";

/** Whether requests can be sent here: 503 where the database cannot be written. The model may be another's to look after. */
export const GET = async () => answerHealth(await checkReady());
