import * as z from "zod";
import { FEATURE_KEYS } from "../../tables/current";
import { ROLES, SCOPES } from "./roles";

/** The audit: who did what, when and to what. docs/audit.md */

/** What is recorded, and what a page calls it. */
export const ACTS = {
  sign_in: "Signed in",
  sign_in_failed: "Sign-in failed",
  sign_out: "Signed out",
  sessions_ended: "Sessions ended",
  second_factor_added: "Second factor added",
  second_factor_removed: "Second factor removed",
  password_changed: "Password changed",
  person_invited: "Person invited",
  person_joined: "Person joined",
  invitation_withdrawn: "Invitation withdrawn",
  password_link_made: "Link for a new password made",
  person_removed: "Person removed",
  role_changed: "Role changed",
  key_made: "Key made",
  key_used: "Key used",
  key_revoked: "Key revoked",
  team_made: "Team made",
  team_chosen: "Team chosen",
  prediction_saved: "Prediction saved",
  prediction_viewed: "Prediction viewed",
  prediction_noted: "Case code or note changed",
  outcome_recorded: "Outcome changed",
  prediction_deleted: "Prediction deleted",
  prediction_restored: "Prediction restored",
  prediction_purged: "Prediction deleted for ever",
  prediction_compared: "Prediction compared",
  prediction_rescored: "Prediction re-scored",
  image_kept: "Image of a prediction kept",
  image_viewed: "Image of a prediction viewed",
  history_listed: "History listed",
  history_searched: "History searched",
  history_exported: "History exported",
  history_imported: "History imported",
  bin_listed: "Bin listed",
  case_exported: "Everything of a case exported",
  case_erased: "Everything of a case erased",
  person_exported: "Everything of a person exported",
  person_erased: "Everything of a person erased",
  batch_made: "Batch made",
  batch_mapped: "Batch's columns changed",
  batch_started: "Batch started",
  batch_paused: "Batch paused",
  batch_resumed: "Batch resumed",
  batch_stopped: "Batch stopped",
  batch_finished: "Batch finished",
  batch_deleted: "Batch deleted",
  batch_restored: "Batch restored",
  batch_purged: "Batch deleted for ever",
  batch_downloaded: "Batch downloaded",
  batch_rows_listed: "Batch's rows listed",
  batch_row_viewed: "Batch's row viewed",
  setting_changed: "Setting changed",
  audit_viewed: "Audit viewed",
  audit_exported: "Audit exported",
} as const;
export type Act = keyof typeof ACTS;
export const ACT_NAMES = Object.keys(ACTS) as [Act, ...Act[]];

/** What an act is done to. */

export type AuditObject = "person" | "key" | "team" | "prediction" | "batch" | "setting" | "view";

type ActorKind = "person" | "key" | "local" | "system";

/** The names by which an address filters, never what it filters by. */
const FILTERS = [
  ...["from", "to", "answer", "source", "model", "outcome", "caution", "text", "pmin", "pmax"],
  ...["view", "wrong", "act", "who", "object", ...FEATURE_KEYS],
] as const;

const count = z.int().nonnegative();

/**
 * What else is to be known of an act: counts, and words out of lists. Nothing that a person typed and no measurement has
 * a place in it.
 */
export const auditDetail = z.strictObject({
  /** How many predictions or rows, where it is known. */
  count: count.optional(),
  added: count.optional(),
  changed: count.optional(),
  /** Which row of a batch's file. */
  row: count.optional(),
  /** The days of a retention; null keeps for ever. */
  days: count.nullable().optional(),
  format: z.enum(["csv", "jsonl", "parquet"]).optional(),
  filters: z.array(z.enum(FILTERS)).optional(),
  method: z.enum(["password", "passkey", "provider", "set_up", "invitation"]).optional(),
  factor: z.enum(["totp", "passkey", "backup_code"]).optional(),
  role: z.enum(ROLES).optional(),
  scopes: z.array(z.enum(SCOPES)).optional(),
  fields: z.array(z.enum(["case code", "note"])).optional(),
  isRemoved: z.boolean().optional(),
});
export type AuditDetail = z.input<typeof auditDetail>;

/** Those of an address's parameters that filter, as a detail has them: by their names. */
export const filterNames = (parameters: readonly (readonly [name: string, value: string])[]) =>
  FILTERS.filter((filter) => parameters.some(([name]) => name === filter));

/** All of an entry but its place and its hash. */
export type AuditFields = {
  at: Date;
  actorKind: ActorKind;
  /** Null of those that have none. */
  actorId: string | null;
  act: Act;
  object: AuditObject | null;
  objectId: string | null;
  modelHash: string | null;
  requestId: string | null;
  /** An AuditDetail as JSON. */
  detail: string | null;
};

/** The fields as JSON in their one order: what is hashed, behind the hash before it and the place. */
export const canonicalJson = ({
  at,
  ...fields
}: { [Key in keyof AuditFields]: Key extends "at" ? Date : string | null }) => {
  const { actorKind, actorId, act, object, objectId, modelHash, requestId, detail } = fields;
  return JSON.stringify({
    ...{ at: at.toISOString(), actorKind, actorId, act },
    ...{ object, objectId, modelHash, requestId, detail },
  });
};

/** What the hash of an entry is the SHA-256 of; `previous` is the hash before it, "" of the first. */
export const hashedText = (previous: string, place: bigint, canonical: string) =>
  `${previous} ${place} ${canonical}`;
