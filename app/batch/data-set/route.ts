import { startWith } from "@/app/batch/upload-answer";
import { readTrainingFile } from "@/lib/server/model/training-data";

/** Starts a batch of the cases that the model was trained on, to try it. */
export const POST = (): Promise<Response> => startWith(readTrainingFile(), "data-set.csv");
