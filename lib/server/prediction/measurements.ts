import "server-only";
import { createHash } from "node:crypto";
import * as z from "zod";
import {
  GREY_CHOICES,
  IMAGE_TYPES,
  type MeasuredOutline,
  type MeasurementRecord,
} from "@/lib/measure/record";
import type { Result } from "@/lib/result";
import { audit, entriesOf, record, recordInThread } from "@/lib/server/access/audit";
import { ofRow } from "@/lib/server/access/audit-entry";
import { kindOfDatabase } from "@/lib/server/database/dialect";
import { reading, type StoreError, writing } from "@/lib/server/database/store";
import { writeInThread } from "@/lib/server/database/write-thread";
import type { Measurement } from "@/lib/server/generated/sqlite/client";
import type { FeatureKey } from "@/tables/current";

/** What predictions were measured on, and the images of those whose image was kept. */

/** `changed`: the keys of the values that are not those measured; `hasImage`: whether the image was kept. */
export type SavedMeasurement = {
  record: MeasurementRecord;
  synthetic: boolean;
  changed: FeatureKey[];
  hasImage: boolean;
};

/** What a prediction was measured on; null where it was not, or is not there. */
export const findMeasurement = (predictionId: string): Promise<Result<SavedMeasurement | null, StoreError>> =>
  reading("measurement_not_read", async ({ measurement, measuredImage }) => {
    const where = { predictionId };
    const row = await measurement.findUnique({ where });
    return row === null ? null : fromRow(row, (await measuredImage.count({ where })) > 0);
  });

/** JSON that this application wrote after it was checked. */
const fromRow = (row: Measurement, hasImage: boolean): SavedMeasurement => ({
  record: {
    algorithm: row.algorithm,
    image: {
      ...{ sha256: row.fileSha256, greySha256: row.greySha256, type: row.type },
      ...{ width: row.width, height: row.height, factor: row.factor },
      grey: z.enum(GREY_CHOICES).parse(row.grey),
    },
    outlines: JSON.parse(row.outlines) as MeasuredOutline[],
  },
  synthetic: row.synthetic,
  changed: JSON.parse(row.changed) as FeatureKey[],
  hasImage,
});

/** On how many outlines each of these predictions was measured, of those that were. */
export const countOutlines = (ids: readonly string[]): Promise<Result<Map<string, number>, StoreError>> =>
  reading("measurement_not_read", async ({ measurement }) => {
    const where = { predictionId: { in: [...ids] } };
    const rows = await measurement.findMany({ where, select: { predictionId: true, outlines: true } });
    return new Map(
      rows.map(({ predictionId, outlines }) => [predictionId, (JSON.parse(outlines) as unknown[]).length]),
    );
  });

/** The image that a prediction was measured on, where it was kept; else null. */
export const findImage = (
  predictionId: string,
): Promise<Result<{ bytes: Uint8Array<ArrayBuffer>; type: string } | null, StoreError>> =>
  reading("image_not_read", async ({ measuredImage }) => {
    const row = await measuredImage.findUnique({
      where: { predictionId },
      select: { bytes: true, measurement: { select: { type: true } } },
    });
    if (row === null) return null;
    await audit("image_viewed", { object: "prediction", objectId: predictionId });
    const type = IMAGE_TYPES.find((known) => known === row.measurement.type) ?? "application/octet-stream";
    return { bytes: row.bytes, type };
  });

/** What became of an image that was to be kept. */
export type KeptImage = "kept" | "not_measured" | "there_already" | "another_file";

/**
 * Keeps the image that a prediction was measured on, once: it has to be the very file, by its SHA-256, and the prediction not in
 * the bin.
 */
export const keepImage = (predictionId: string, bytes: Uint8Array): Promise<Result<KeptImage, StoreError>> =>
  writing("image_not_saved", async (db): Promise<KeptImage> => {
    const found = await db.measurement.findFirst({
      where: { predictionId, prediction: { deletedAt: null } },
      select: { fileSha256: true, image: { select: { predictionId: true } } },
    });
    if (found === null) return "not_measured";
    if (found.image !== null) return "there_already";
    if (createHash("sha256").update(bytes).digest("hex") !== found.fileSha256) return "another_file";
    const entries = entriesOf("image_kept", { object: "prediction", objectId: predictionId });
    const isRow = ofRow("prediction");
    if (kindOfDatabase() === "sqlite") {
      const recording = entries.length === 0 ? [] : [recordInThread(entries, isRow)];
      const [inserted] = await writeInThread([
        { sql: insert("?", "?", "BLOB"), rows: [[Buffer.from(bytes), predictionId]] },
        ...recording,
      ]);
      return inserted === 1 ? "kept" : "there_already";
    }
    const inserting = db.$executeRawUnsafe(insert("$1", "$2", "BYTEA"), Buffer.from(bytes), predictionId);
    const [inserted] = await db.$transaction([inserting, ...record(db, entries, isRow)]);
    return inserted === 1 ? "kept" : "there_already";
  });

// Only where the measurement is still there: it may have been deleted meanwhile, or another request have been first.
const insert = (bytes: string, id: string, type: "BLOB" | "BYTEA") =>
  `INSERT INTO measured_image (prediction_id, bytes)
    SELECT prediction_id, CAST(${bytes} AS ${type}) FROM measurement WHERE prediction_id = ${id}
    ON CONFLICT (prediction_id) DO NOTHING`;
