ALTER TABLE "prediction" ADD COLUMN     "cautions" TEXT COLLATE "C";
