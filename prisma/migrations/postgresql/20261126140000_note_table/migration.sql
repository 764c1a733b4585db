-- Which table the predictions are of: before there was a choice, they were of this one.
INSERT INTO "setting" ("name", "value")
SELECT 'table', 'wdbc' WHERE EXISTS (SELECT 1 FROM "prediction")
ON CONFLICT ("name") DO NOTHING;
