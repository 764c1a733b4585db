CREATE INDEX "prediction_outcome_id_idx" ON "prediction"("outcome", "id");
