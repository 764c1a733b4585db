CREATE TABLE "batch" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "created_at" DATETIME NOT NULL,
    "deleted_at" DATETIME,
    "file_name" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "problem" TEXT,
    "shape" TEXT,
    "mapping" TEXT,
    "check" TEXT,
    "model" TEXT,
    "backend" TEXT NOT NULL,
    "parts" INTEGER NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "seen" INTEGER NOT NULL DEFAULT 0,
    "tally" TEXT NOT NULL DEFAULT '{}',
    "seen_tally" TEXT NOT NULL DEFAULT '{}',
    "worked_ms" REAL NOT NULL DEFAULT 0,
    "started_at" DATETIME,
    "finished_at" DATETIME,
    "worker" TEXT,
    "work_until" DATETIME
);

CREATE INDEX "batch_state_work_until_idx" ON "batch"("state", "work_until");
