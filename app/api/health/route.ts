import { answerHealth, checkHealth } from "@/lib/server/health";

/** Database and model together: 200 where the database can be written and the model is there, 503 where either is not. */
export const GET = async () => answerHealth(await checkHealth());
