import { Timestamp } from "@/components/ui/timestamp";
import type { Locale } from "@/lib/locale";

/** A row's head: when the prediction was made, which leads to it. */
export function PredictionLink({ id, createdAt, locale }: { id: string; createdAt: Date; locale: Locale }) {
  return (
    <a
      href={`/history/${id}`}
      className="inline-block py-0.5 underline decoration-line underline-offset-4 hover:decoration-ink"
    >
      <Timestamp at={createdAt} locale={locale} />
    </a>
  );
}
