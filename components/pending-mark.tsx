"use client";

import { useLinkStatus } from "next/link";

/** Inside a link: shows that its page is on the way. Keeps its place, so that nothing moves; on a phone it has none, and stands in the gap behind. */
export function PendingMark() {
  const { pending } = useLinkStatus();
  return (
    <span className="inline-block w-4 max-md:w-0">
      {pending && (
        <>
          <span aria-hidden="true">…</span>
          <span className="sr-only">Loading</span>
        </>
      )}
    </span>
  );
}
