CREATE TABLE "import_report" (
    "id" TEXT COLLATE "C" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "file_name" TEXT COLLATE "C" NOT NULL,
    "added" INTEGER NOT NULL,
    "present" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "refusals" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "import_report_pkey" PRIMARY KEY ("id")
);
