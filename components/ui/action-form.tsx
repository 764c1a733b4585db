"use client";

import type { ComponentProps } from "react";
import { RefusalNotice } from "@/components/ui/refusal";
import { useAction } from "@/components/ui/use-action";

/** A form without typed content, whose action leads elsewhere when it is done; in it, it says where that did not come about. */
export function ActionForm({
  action,
  children,
  ...rest
}: Omit<ComponentProps<"form">, "action" | "onSubmit"> & { action: (form: FormData) => Promise<void> }) {
  const { refusal, form } = useAction(action);
  return (
    <form {...rest} {...form}>
      {children}
      {refusal !== null && <RefusalNotice refusal={refusal} />}
    </form>
  );
}
