import { memo } from "react";
import { CaseDrawing, DrawingKey } from "@/components/prediction/drawing";
import type { Measurements } from "@/lib/predict/measurements";
import { drawing, FEATURE_KEYS, SAMPLES } from "@/tables/current";

/** What stands there before anything is typed. */
const EXAMPLE = SAMPLES[1] ?? SAMPLES[0];

/** The case as it takes shape; before its first number, an example with what each part of it shows. */
export const DrawingCard = memo(function DrawingCard({
  numbers,
  className,
}: {
  numbers: Partial<Measurements>;
  className: string;
}) {
  if (drawing === null) return null;
  const values = FEATURE_KEYS.map((name) => numbers[name] ?? null);
  const isEmpty = values.every((value) => value === null);
  return (
    <section
      aria-label="Drawing"
      className={`min-w-0 rounded-card border border-line bg-surface px-5 pt-4 pb-5 ${className}`}
    >
      <CaseDrawing values={isEmpty ? EXAMPLE.values : values} size={270} />
      {isEmpty && (
        <div className="mt-4 border-line border-t pt-3">
          <p className="mb-2 font-medium">Example: {EXAMPLE.about}. Yours takes shape here as you type.</p>
          <DrawingKey size={40} />
        </div>
      )}
    </section>
  );
});
