/** What people and keys may do. */

/** Of a person in a team, from the one that may least: each may what those before it may. */
export const ROLES = ["viewer", "predictor", "administrator"] as const;
export type Role = (typeof ROLES)[number];

/**
 * "read": see and export what the team keeps, and ask what a model would say. "predict": save, change and delete
 * predictions and batches. "administer": delete for ever, settings, people, keys, the audit.
 */
export type Permission = "read" | "predict" | "administer";

const MAY: Record<Role, readonly Permission[]> = {
  viewer: ["read"],
  predictor: ["read", "predict"],
  administrator: ["read", "predict", "administer"],
};

/** What a key may be made for; none may administer. */
export const SCOPES = ["read", "predict"] as const satisfies Permission[];
export type Scope = (typeof SCOPES)[number];

/** Whether a role includes a permission. */
export const roleMay = (role: Role, permission: Permission) => MAY[role].includes(permission);
