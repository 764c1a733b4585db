ALTER TABLE "prediction" ADD COLUMN "base" REAL;
ALTER TABLE "prediction" ADD COLUMN "label" TEXT;
ALTER TABLE "prediction" ADD COLUMN "typicality" TEXT;
ALTER TABLE "prediction" ADD COLUMN "uncertain" TEXT;
