CREATE TABLE "prediction" (
    "id" TEXT COLLATE "C" NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    "radius_mean" DOUBLE PRECISION NOT NULL,
    "texture_mean" DOUBLE PRECISION NOT NULL,
    "perimeter_mean" DOUBLE PRECISION NOT NULL,
    "area_mean" DOUBLE PRECISION NOT NULL,
    "smoothness_mean" DOUBLE PRECISION NOT NULL,
    "compactness_mean" DOUBLE PRECISION NOT NULL,
    "concavity_mean" DOUBLE PRECISION NOT NULL,
    "concave_points_mean" DOUBLE PRECISION NOT NULL,
    "symmetry_mean" DOUBLE PRECISION NOT NULL,
    "fractal_dimension_mean" DOUBLE PRECISION NOT NULL,
    "radius_se" DOUBLE PRECISION NOT NULL,
    "texture_se" DOUBLE PRECISION NOT NULL,
    "perimeter_se" DOUBLE PRECISION NOT NULL,
    "area_se" DOUBLE PRECISION NOT NULL,
    "smoothness_se" DOUBLE PRECISION NOT NULL,
    "compactness_se" DOUBLE PRECISION NOT NULL,
    "concavity_se" DOUBLE PRECISION NOT NULL,
    "concave_points_se" DOUBLE PRECISION NOT NULL,
    "symmetry_se" DOUBLE PRECISION NOT NULL,
    "fractal_dimension_se" DOUBLE PRECISION NOT NULL,
    "radius_worst" DOUBLE PRECISION NOT NULL,
    "texture_worst" DOUBLE PRECISION NOT NULL,
    "perimeter_worst" DOUBLE PRECISION NOT NULL,
    "area_worst" DOUBLE PRECISION NOT NULL,
    "smoothness_worst" DOUBLE PRECISION NOT NULL,
    "compactness_worst" DOUBLE PRECISION NOT NULL,
    "concavity_worst" DOUBLE PRECISION NOT NULL,
    "concave_points_worst" DOUBLE PRECISION NOT NULL,
    "symmetry_worst" DOUBLE PRECISION NOT NULL,
    "fractal_dimension_worst" DOUBLE PRECISION NOT NULL,
    "probability" DOUBLE PRECISION NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "diagnosis" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C",
    "source" TEXT COLLATE "C" NOT NULL,
    "model_id" INTEGER NOT NULL,
    "model_version" TEXT COLLATE "C" NOT NULL,
    "backend" TEXT COLLATE "C" NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,
    "base" DOUBLE PRECISION,
    "outcome" TEXT COLLATE "C",
    "outcome_on" TIMESTAMPTZ(3),
    "idempotency_key" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "prediction_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "model" (
    "id" SERIAL NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "version" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C",
    "threshold" DOUBLE PRECISION,
    "uncertain" TEXT COLLATE "C",
    "identity" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "prediction_detail" (
    "prediction_id" TEXT COLLATE "C" NOT NULL,
    "contributions" TEXT COLLATE "C",
    "typicality" TEXT COLLATE "C",

    CONSTRAINT "prediction_detail_pkey" PRIMARY KEY ("prediction_id")
);

CREATE TABLE "annotation" (
    "prediction_id" TEXT COLLATE "C" NOT NULL,
    "case_code" TEXT COLLATE "C",
    "note" TEXT COLLATE "C",

    CONSTRAINT "annotation_pkey" PRIMARY KEY ("prediction_id")
);

CREATE TABLE "edit" (
    "id" TEXT COLLATE "C" NOT NULL,
    "prediction_id" TEXT COLLATE "C" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "field" TEXT COLLATE "C" NOT NULL,
    "before" TEXT COLLATE "C",
    "after" TEXT COLLATE "C",

    CONSTRAINT "edit_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "saved_view" (
    "id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "query" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "setting" (
    "name" TEXT COLLATE "C" NOT NULL,
    "value" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "failed_prediction" (
    "id" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "backend" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL,
    "request_id" TEXT COLLATE "C" NOT NULL,
    "latency_ms" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "failed_prediction_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "prediction_idempotency_key_key" ON "prediction"("idempotency_key");

CREATE INDEX "prediction_deleted_at_probability_id_idx" ON "prediction"("deleted_at", "probability", "id");

CREATE UNIQUE INDEX "model_identity_key" ON "model"("identity");

CREATE INDEX "annotation_case_code_idx" ON "annotation"("case_code");

CREATE INDEX "edit_prediction_id_id_idx" ON "edit"("prediction_id", "id");

CREATE UNIQUE INDEX "saved_view_name_key" ON "saved_view"("name");

CREATE INDEX "failed_prediction_created_at_idx" ON "failed_prediction"("created_at");

ALTER TABLE "prediction" ADD CONSTRAINT "prediction_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "prediction_detail" ADD CONSTRAINT "prediction_detail_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "annotation" ADD CONSTRAINT "annotation_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "edit" ADD CONSTRAINT "edit_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction"("id") ON DELETE CASCADE ON UPDATE CASCADE;
