/** Says how many rows of a page are cases that the model learnt from; nothing where none is. */
export function TrainingCases({ count, of }: { count: number; of: number }) {
  if (count === 0) return null;
  const who =
    count === 1
      ? "One case on this page is a training case. It stays"
      : count === of
        ? `All ${of} on this page are training cases. They stay`
        : `${count} of the ${of} cases on this page are training cases. They stay`;
  return (
    <p className="relative pl-4 print:hidden">
      <span aria-hidden="true" className="hatch absolute inset-y-0 left-0 w-1.5 rounded-xs" />
      {who} out of the figures under{" "}
      <a href="/model#in-use" className="underline decoration-ink-3 hover:decoration-ink">
        In use
      </a>
      .
    </p>
  );
}
