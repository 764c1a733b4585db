-- A mark that is another after each change of who may do what, by whichever process: whoever has read a session's person and
-- role need not read them again while the mark is the same (lib/server/access/session.ts). Rows that are new take nothing away.
CREATE TRIGGER "session_changed" AFTER UPDATE ON "session"
BEGIN INSERT OR REPLACE INTO "setting" ("name", "value") VALUES ('access_mark', hex(randomblob(16))); END;
CREATE TRIGGER "session_deleted" AFTER DELETE ON "session"
BEGIN INSERT OR REPLACE INTO "setting" ("name", "value") VALUES ('access_mark', hex(randomblob(16))); END;
CREATE TRIGGER "person_changed" AFTER UPDATE ON "person"
BEGIN INSERT OR REPLACE INTO "setting" ("name", "value") VALUES ('access_mark', hex(randomblob(16))); END;
CREATE TRIGGER "person_deleted" AFTER DELETE ON "person"
BEGIN INSERT OR REPLACE INTO "setting" ("name", "value") VALUES ('access_mark', hex(randomblob(16))); END;
CREATE TRIGGER "member_changed" AFTER UPDATE ON "member"
BEGIN INSERT OR REPLACE INTO "setting" ("name", "value") VALUES ('access_mark', hex(randomblob(16))); END;
CREATE TRIGGER "member_deleted" AFTER DELETE ON "member"
BEGIN INSERT OR REPLACE INTO "setting" ("name", "value") VALUES ('access_mark', hex(randomblob(16))); END;
