/** Whether everything is tried within ten minutes: what takes longest for what it shows is left to the run of its part. */
export const isBrief = process.env.TEST_BRIEF !== undefined;
