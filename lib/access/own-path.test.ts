import { expect, it } from "vitest";
import { ownPath } from "./own-path";

it.each(["/", "/history", "/history?sort=newest&page=2", "/batch/1"])("leads to %s", (path) => {
  expect(ownPath(path)).toBe(path);
});

it.each([
  "",
  "history",
  "https://example.org/",
  "//example.org/",
  "/\\example.org",
  "/\t/example.org",
  "/.//example.org",
  "/x/..//example.org",
  "javascript:alert(1)",
  "/sign-in?next=/sign-in",
  "/set-up",
  "/api/v1/predictions",
  null,
  ["/history"],
])("leads to the front page instead of %j", (path) => {
  expect(ownPath(path)).toBe("/");
});
