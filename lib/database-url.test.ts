import { expect, it } from "vitest";
import { databaseKind, shownDatabaseUrl } from "./database-url";

it.each([
  ["file:./data/cytodesk.db", "sqlite"],
  ["postgresql://user:p%40ss@db.example.org:5432/cytodesk?sslmode=verify-full", "postgresql"],
  ["postgres://db/cytodesk", "postgresql"],
  ["file:/folder/with spaces/für uns.db", "sqlite"],
  ["file:", null],
  ["file:x.db?connection_limit=1", null],
  ["file:with%20space.db", null],
  ["postgresql://db", null],
  ["postgresql://db/", null],
  ["postgresql:///cytodesk", null],
  ["mysql://db/cytodesk", null],
])("%s is %s", (url, kind) => expect(databaseKind(url)).toBe(kind));

it("shows neither user, password nor options", () => {
  expect(shownDatabaseUrl("postgresql://user:secret@db.example.org:5432/cytodesk?password=secret")).toBe(
    "postgresql://db.example.org:5432/cytodesk",
  );
  expect(shownDatabaseUrl("file:./data/cytodesk.db")).toBe("file:./data/cytodesk.db");
});
