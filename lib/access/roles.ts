/** What people and keys may do. */

/** The roles in a team, from the one that may least: each may what those before it may. */
export const ROLES = ["viewer", "predictor", "administrator"] as const;
export type Role = (typeof ROLES)[number];

/** The role of a text that a database keeps; null where it is none. */
export const parseRole = (text: string): Role | null => ROLES.find((role) => role === text) ?? null;

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

/** A role in words: what it is called, and what one can do by it. */
export const ROLE_SAYS: Record<Role, { name: string; may: string }> = {
  viewer: { name: "viewer", may: "see and export what it keeps" },
  predictor: { name: "predictor", may: "make, change and delete predictions" },
  administrator: { name: "administrator", may: "do everything, and say who else may" },
};
