/** How much of something is done, as a bar under a `label`; its number stands beside it. */
export function ProgressBar({ label, done, of }: { label: string; done: number; of: number }) {
  const share = of === 0 ? 0 : Math.min(1, done / of);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={of}
      aria-valuenow={done}
      className="h-2 overflow-hidden rounded-sm bg-line forced-colors:border"
    >
      <svg aria-hidden="true" width="100%" height="100%" className="block">
        <rect width={`${(100 * share).toFixed(2)}%`} height="100%" className="fill-ink" />
      </svg>
    </div>
  );
}
