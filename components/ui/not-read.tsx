import type { ReactNode } from "react";
import { Notice } from "@/components/ui/notice";

/** Stands where something should be that the database did not give; `what` is its name, as "The history". */
export function NotRead({ what, children }: { what: string; children?: ReactNode }) {
  return (
    <Notice kind="error" role="alert" title={`${what} cannot be read at the moment.`}>
      <p>Nothing is lost. {children} Reload the page; if this continues, contact your administrator.</p>
    </Notice>
  );
}
