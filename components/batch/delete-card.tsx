import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";

/** Where a batch is deleted, by the form in it. */
export function DeleteCard({ children }: { children: ReactNode }) {
  return (
    <Card
      title="Delete"
      caption="Its file and its answers go; you can undo it at once. Rows that were kept in the history stay there."
      className="print:hidden"
    >
      {children}
    </Card>
  );
}
