import { Shape } from "@/components/ui/shape";
import type { Answer } from "@/lib/prediction/words";

/** An answer as shape and word; takes the words as they come, so that the history's rows need not load the table. */
export function AnswerMark({ title, shape, colour }: Omit<Answer, "word">) {
  return (
    <span className={`${colour} inline-flex items-baseline gap-[0.4em] whitespace-nowrap font-medium`}>
      <Shape shape={shape} /> {title}
    </span>
  );
}
