-- By hand, IF EXISTS: working_record landed with the last of these indexes, and was changed to make the others instead.
DROP INDEX IF EXISTS "prediction_scan_worst";

DROP INDEX IF EXISTS "prediction_scan_se";

DROP INDEX IF EXISTS "prediction_scan_mean";

DROP INDEX IF EXISTS "prediction_deleted_at_created_at_id_idx";

CREATE INDEX "prediction_scan_mean" ON "prediction"("id", "deleted_at", "radius_mean", "texture_mean", "perimeter_mean", "area_mean", "smoothness_mean", "compactness_mean", "concavity_mean", "concave_points_mean", "symmetry_mean", "fractal_dimension_mean", "probability", "diagnosis", "label", "source", "outcome", "model_version", "radius_worst", "texture_worst", "perimeter_worst", "area_worst", "smoothness_worst", "compactness_worst", "concavity_worst", "concave_points_worst", "symmetry_worst", "fractal_dimension_worst");

CREATE INDEX "prediction_scan_se" ON "prediction"("id", "deleted_at", "radius_se", "texture_se", "perimeter_se", "area_se", "smoothness_se", "compactness_se", "concavity_se", "concave_points_se", "symmetry_se", "fractal_dimension_se", "probability", "diagnosis", "label", "source", "outcome", "model_version", "radius_mean", "texture_mean", "perimeter_mean", "area_mean", "smoothness_mean", "compactness_mean", "concavity_mean", "concave_points_mean", "symmetry_mean", "fractal_dimension_mean");

CREATE INDEX "prediction_scan_worst" ON "prediction"("id", "deleted_at", "radius_worst", "texture_worst", "perimeter_worst", "area_worst", "smoothness_worst", "compactness_worst", "concavity_worst", "concave_points_worst", "symmetry_worst", "fractal_dimension_worst", "probability", "diagnosis", "label", "source", "outcome", "model_version", "radius_se", "texture_se", "perimeter_se", "area_se", "smoothness_se", "compactness_se", "concavity_se", "concave_points_se", "symmetry_se", "fractal_dimension_se");
