import { Timestamp } from "@/components/ui/timestamp";

/** A row's head: when the prediction was made, which leads to it. */
export function PredictionLink({ id, createdAt }: { id: string; createdAt: Date }) {
  return (
    <a
      href={`/history/${id}`}
      className="inline-block py-0.5 underline decoration-line underline-offset-4 hover:decoration-ink"
    >
      <Timestamp at={createdAt} />
    </a>
  );
}
