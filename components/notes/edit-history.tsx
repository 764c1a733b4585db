import { None } from "@/components/prediction/prediction-rows";
import { Timestamp } from "@/components/ui/timestamp";
import type { Locale } from "@/lib/locale";
import type { Edit } from "@/lib/notes/annotation";

/** Every change of what is kept beside a prediction, latest first. */
export function EditHistory({ edits, locale }: { edits: readonly Edit[]; locale: Locale }) {
  if (edits.length === 0) return <p className="text-ink-2">Nothing has been changed.</p>;
  return (
    <ol className="grid gap-2">
      {edits.map(({ id, at, field, before, after }) => (
        <li key={id} className="grid gap-0.5 border-line border-b pb-2 last:border-b-0 last:pb-0">
          <p>
            <span className="font-semibold inline-block first-letter:uppercase">{field}</span>{" "}
            <span className="text-ink-2 text-sm">
              <Timestamp at={at} locale={locale} precise />
            </span>
          </p>
          <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-sm">
            <dt className="text-ink-2">Before</dt>
            <dd className="min-w-0 whitespace-pre-wrap break-words">{before ?? <None />}</dd>
            <dt className="text-ink-2">After</dt>
            <dd className="min-w-0 whitespace-pre-wrap break-words">{after ?? <None />}</dd>
          </dl>
        </li>
      ))}
    </ol>
  );
}
