import { NOT_WRITTEN } from "@/tables/current";

/** A person's text of the table; where nobody has written it yet, it says so in grey. */
export function Said({ text }: { text: string }) {
  return text === NOT_WRITTEN ? <span className="text-ink-2 italic">{text}</span> : text;
}
