PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_import_report" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "file_name" TEXT NOT NULL,
    "added" INTEGER NOT NULL,
    "present" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "refusals" TEXT NOT NULL,
    "differing" INTEGER NOT NULL DEFAULT 0,
    "taken" INTEGER NOT NULL DEFAULT 0,
    "differences" TEXT NOT NULL DEFAULT '[]'
);
INSERT INTO "new_import_report" ("added", "at", "file_name", "id", "present", "refusals", "refused") SELECT "added", "at", "file_name", "id", "present", "refusals", "refused" FROM "import_report";
DROP TABLE "import_report";
ALTER TABLE "new_import_report" RENAME TO "import_report";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
