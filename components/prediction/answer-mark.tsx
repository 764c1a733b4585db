import type { Answer } from "@/lib/prediction/words";

/** An answer as shape and word; takes the words as they come, so that the history's rows need not load the table. */
export function AnswerMark({ title, shape, colour }: Omit<Answer, "word">) {
  return (
    <span className={`${colour} whitespace-nowrap font-semibold`}>
      <span aria-hidden="true">{shape}</span> {title}
    </span>
  );
}
