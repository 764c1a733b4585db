import type { ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import type { Permission } from "@/lib/access/roles";
import { NOT_ALLOWED } from "@/lib/not-allowed";
import { may } from "@/lib/server/access/actor";

/** What only somebody with a permission sees; others a notice that says why, where one `isSaid`. */
export function May({
  permission,
  isSaid = false,
  children,
}: {
  permission: Permission;
  isSaid?: boolean;
  children: ReactNode;
}) {
  if (may(permission)) return children;
  return isSaid && <Notice kind="caution" title={NOT_ALLOWED[permission]} />;
}
