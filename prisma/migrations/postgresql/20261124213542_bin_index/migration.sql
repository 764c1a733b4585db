DROP INDEX "prediction_deleted_at_probability_id_idx";

CREATE INDEX "prediction_deleted_at_id_idx" ON "prediction"("deleted_at", "id");
