CREATE INDEX "prediction_outcome" ON "prediction"("outcome", "id", "deleted_at", "source", "model_id", "diagnosis", "label", "probability");
