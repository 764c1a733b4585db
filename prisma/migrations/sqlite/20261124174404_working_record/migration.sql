CREATE TABLE "model" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "hash" TEXT,
    "threshold" REAL,
    "uncertain" TEXT,
    "identity" TEXT NOT NULL
);

CREATE TABLE "prediction_detail" (
    "prediction_id" TEXT NOT NULL PRIMARY KEY,
    "contributions" TEXT,
    "typicality" TEXT,
    CONSTRAINT "prediction_detail_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "annotation" (
    "prediction_id" TEXT NOT NULL PRIMARY KEY,
    "case_code" TEXT,
    "note" TEXT,
    CONSTRAINT "annotation_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "edit" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "prediction_id" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "field" TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT,
    CONSTRAINT "edit_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "saved_view" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL
);

CREATE TABLE "setting" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_prediction" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "deleted_at" DATETIME,
    "radius_mean" REAL NOT NULL,
    "texture_mean" REAL NOT NULL,
    "perimeter_mean" REAL NOT NULL,
    "area_mean" REAL NOT NULL,
    "smoothness_mean" REAL NOT NULL,
    "compactness_mean" REAL NOT NULL,
    "concavity_mean" REAL NOT NULL,
    "concave_points_mean" REAL NOT NULL,
    "symmetry_mean" REAL NOT NULL,
    "fractal_dimension_mean" REAL NOT NULL,
    "radius_se" REAL NOT NULL,
    "texture_se" REAL NOT NULL,
    "perimeter_se" REAL NOT NULL,
    "area_se" REAL NOT NULL,
    "smoothness_se" REAL NOT NULL,
    "compactness_se" REAL NOT NULL,
    "concavity_se" REAL NOT NULL,
    "concave_points_se" REAL NOT NULL,
    "symmetry_se" REAL NOT NULL,
    "fractal_dimension_se" REAL NOT NULL,
    "radius_worst" REAL NOT NULL,
    "texture_worst" REAL NOT NULL,
    "perimeter_worst" REAL NOT NULL,
    "area_worst" REAL NOT NULL,
    "smoothness_worst" REAL NOT NULL,
    "compactness_worst" REAL NOT NULL,
    "concavity_worst" REAL NOT NULL,
    "concave_points_worst" REAL NOT NULL,
    "symmetry_worst" REAL NOT NULL,
    "fractal_dimension_worst" REAL NOT NULL,
    "probability" REAL NOT NULL,
    "created_at" DATETIME NOT NULL,
    "diagnosis" TEXT NOT NULL,
    "label" TEXT,
    "source" TEXT NOT NULL,
    "model_id" INTEGER NOT NULL,
    "model_version" TEXT NOT NULL,
    "backend" TEXT NOT NULL,
    "latency_ms" REAL NOT NULL,
    "base" REAL,
    "outcome" TEXT,
    "outcome_on" DATETIME,
    "idempotency_key" TEXT NOT NULL,
    CONSTRAINT "prediction_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
-- Written by hand from here to the drop: what the old table held goes to where it belongs now.
INSERT INTO "model" ("name", "version", "hash", "threshold", "uncertain", "identity")
SELECT DISTINCT "model_name", "model_version", "model_hash", "threshold", "uncertain",
    json_array("model_name", "model_version", "model_hash", "threshold", json("uncertain"))
FROM "prediction";
-- Aside, since dropping the old table would take along the rows that refer to it.
CREATE TABLE "kept_detail" AS SELECT "id", "contributions", "typicality" FROM "prediction"
WHERE "contributions" IS NOT NULL OR "typicality" IS NOT NULL;
INSERT INTO "new_prediction" ("area_mean", "area_se", "area_worst", "backend", "base", "compactness_mean", "compactness_se", "compactness_worst", "concave_points_mean", "concave_points_se", "concave_points_worst", "concavity_mean", "concavity_se", "concavity_worst", "created_at", "deleted_at", "diagnosis", "fractal_dimension_mean", "fractal_dimension_se", "fractal_dimension_worst", "id", "idempotency_key", "label", "latency_ms", "model_id", "model_version", "perimeter_mean", "perimeter_se", "perimeter_worst", "probability", "radius_mean", "radius_se", "radius_worst", "smoothness_mean", "smoothness_se", "smoothness_worst", "source", "symmetry_mean", "symmetry_se", "symmetry_worst", "texture_mean", "texture_se", "texture_worst") SELECT "area_mean", "area_se", "area_worst", "backend", "base", "compactness_mean", "compactness_se", "compactness_worst", "concave_points_mean", "concave_points_se", "concave_points_worst", "concavity_mean", "concavity_se", "concavity_worst", "created_at", "deleted_at", "diagnosis", "fractal_dimension_mean", "fractal_dimension_se", "fractal_dimension_worst", "id", "idempotency_key", "label", "latency_ms", (SELECT "id" FROM "model" WHERE "identity" = json_array("model_name", "model_version", "model_hash", "threshold", json("uncertain"))), "model_version", "perimeter_mean", "perimeter_se", "perimeter_worst", "probability", "radius_mean", "radius_se", "radius_worst", "smoothness_mean", "smoothness_se", "smoothness_worst", "source", "symmetry_mean", "symmetry_se", "symmetry_worst", "texture_mean", "texture_se", "texture_worst" FROM "prediction";
DROP TABLE "prediction";
ALTER TABLE "new_prediction" RENAME TO "prediction";
INSERT INTO "prediction_detail" ("prediction_id", "contributions", "typicality") SELECT "id", "contributions", "typicality" FROM "kept_detail";
DROP TABLE "kept_detail";
CREATE UNIQUE INDEX "prediction_idempotency_key_key" ON "prediction"("idempotency_key");
CREATE INDEX "prediction_scan_mean" ON "prediction"("id", "deleted_at", "radius_mean", "texture_mean", "perimeter_mean", "area_mean", "smoothness_mean", "compactness_mean", "concavity_mean", "concave_points_mean", "symmetry_mean", "fractal_dimension_mean", "probability", "diagnosis", "label", "source", "outcome", "model_version");
CREATE INDEX "prediction_scan_se" ON "prediction"("id", "deleted_at", "radius_se", "texture_se", "perimeter_se", "area_se", "smoothness_se", "compactness_se", "concavity_se", "concave_points_se", "symmetry_se", "fractal_dimension_se", "probability", "diagnosis", "label", "source", "outcome", "model_version");
CREATE INDEX "prediction_scan_worst" ON "prediction"("id", "deleted_at", "radius_worst", "texture_worst", "perimeter_worst", "area_worst", "smoothness_worst", "compactness_worst", "concavity_worst", "concave_points_worst", "symmetry_worst", "fractal_dimension_worst", "probability", "diagnosis", "label", "source", "outcome", "model_version");
CREATE INDEX "prediction_deleted_at_probability_id_idx" ON "prediction"("deleted_at", "probability", "id");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;

CREATE UNIQUE INDEX "model_identity_key" ON "model"("identity");

CREATE INDEX "annotation_case_code_idx" ON "annotation"("case_code");

CREATE INDEX "edit_prediction_id_id_idx" ON "edit"("prediction_id", "id");

CREATE UNIQUE INDEX "saved_view_name_key" ON "saved_view"("name");
