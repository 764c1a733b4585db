CREATE TABLE "measurement" (
    "prediction_id" TEXT NOT NULL PRIMARY KEY,
    "algorithm" TEXT NOT NULL,
    "file_sha256" TEXT NOT NULL,
    "grey_sha256" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "factor" REAL NOT NULL,
    "grey" TEXT NOT NULL,
    "synthetic" BOOLEAN NOT NULL,
    "outlines" TEXT NOT NULL,
    "changed" TEXT NOT NULL,
    CONSTRAINT "measurement_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "measured_image" (
    "prediction_id" TEXT NOT NULL PRIMARY KEY,
    "bytes" BLOB NOT NULL,
    CONSTRAINT "measured_image_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "measurement" ("prediction_id") ON DELETE CASCADE ON UPDATE CASCADE
);
