CREATE TABLE "import_report" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "file_name" TEXT NOT NULL,
    "added" INTEGER NOT NULL,
    "present" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "refusals" TEXT NOT NULL
);
