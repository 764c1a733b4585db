DROP INDEX "prediction_scan_worst";

DROP INDEX "prediction_scan_se";

DROP INDEX "prediction_scan_mean";
