ALTER TABLE "prediction" ADD COLUMN "cautions" TEXT;
