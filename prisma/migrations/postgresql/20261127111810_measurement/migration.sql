CREATE TABLE "measurement" (
    "prediction_id" TEXT COLLATE "C" NOT NULL,
    "algorithm" TEXT COLLATE "C" NOT NULL,
    "file_sha256" TEXT COLLATE "C" NOT NULL,
    "grey_sha256" TEXT COLLATE "C" NOT NULL,
    "type" TEXT COLLATE "C" NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "factor" DOUBLE PRECISION NOT NULL,
    "grey" TEXT COLLATE "C" NOT NULL,
    "synthetic" BOOLEAN NOT NULL,
    "outlines" TEXT COLLATE "C" NOT NULL,
    "changed" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "measurement_pkey" PRIMARY KEY ("prediction_id")
);

CREATE TABLE "measured_image" (
    "prediction_id" TEXT COLLATE "C" NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "measured_image_pkey" PRIMARY KEY ("prediction_id")
);

ALTER TABLE "measurement" ADD CONSTRAINT "measurement_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "measured_image" ADD CONSTRAINT "measured_image_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "measurement"("prediction_id") ON DELETE CASCADE ON UPDATE CASCADE;
