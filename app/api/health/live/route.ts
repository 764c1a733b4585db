import { answerHealth, checkProcess } from "@/lib/server/health";

/** Whether the process answers; one that does not is to be started anew, which mends neither database nor model. */
export const GET = () => answerHealth(checkProcess());
