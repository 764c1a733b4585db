CREATE TABLE "batch" (
    "id" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    "file_name" TEXT COLLATE "C" NOT NULL,
    "bytes" BIGINT NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "problem" TEXT COLLATE "C",
    "shape" TEXT COLLATE "C",
    "mapping" TEXT COLLATE "C",
    "check" TEXT COLLATE "C",
    "model" TEXT COLLATE "C",
    "backend" TEXT COLLATE "C" NOT NULL,
    "parts" INTEGER NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "seen" INTEGER NOT NULL DEFAULT 0,
    "tally" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "seen_tally" TEXT COLLATE "C" NOT NULL DEFAULT '{}',
    "worked_ms" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "auto_start" BOOLEAN NOT NULL DEFAULT false,
    "event" TEXT COLLATE "C",
    "event_due_at" TIMESTAMPTZ(3),
    "worker" TEXT COLLATE "C",
    "work_until" TIMESTAMPTZ(3),

    CONSTRAINT "batch_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "batch_state_work_until_idx" ON "batch"("state", "work_until");
