CREATE TABLE "failed_prediction" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "created_at" DATETIME NOT NULL,
    "backend" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "request_id" TEXT NOT NULL,
    "latency_ms" REAL NOT NULL
);

CREATE INDEX "failed_prediction_created_at_idx" ON "failed_prediction"("created_at");
