"use client";

import { useLinkStatus } from "next/link";

/**
 * Inside a link: shows that its page is on the way. Keeps its place, so that nothing moves; a phone has no place for it,
 * and shows it in the gap after the link.
 */
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
