"use client";

import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null;
  return (
    <Notice kind="error" role="alert" title="This page cannot be shown.">
      <p>Saved predictions are not affected. Try again; if this continues, contact your administrator.</p>
      {digest !== null && <p className="text-ink-2 text-sm">Reference for the log: {digest}</p>}
      <p className="mt-2">
        <Button onClick={retry}>Try again</Button>
      </p>
    </Notice>
  );
}
