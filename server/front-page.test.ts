import { describe, expect, it } from "vitest";
import { asksForFrontPage } from "./front-page.mjs";

describe("asksForFrontPage", () => {
  const get = (url: string, headers = {}) => ({ method: "GET", url, headers });

  it.each(["/", "/?", "/?utm_source=x", "/?samples=1", "/?from", "/?sample=&from="])(
    "is so for %s",
    (url) => {
      expect(asksForFrontPage(get(url))).toBe(true);
      expect(asksForFrontPage({ ...get(url), method: "HEAD" })).toBe(true);
    },
  );

  it.each([
    "/?sample=malignant",
    "/?from=x",
    "/?a=1&from=x",
    "/?from=&from=x",
    "/?%66rom=x",
    "/history",
    "//",
    "/index",
    "",
  ])("is not so for %s", (url) => {
    expect(asksForFrontPage(get(url))).toBe(false);
  });

  it("is not so for a form that is sent, and for the data that Next's router asks for", () => {
    expect(asksForFrontPage({ ...get("/"), method: "POST" })).toBe(false);
    expect(asksForFrontPage(get("/?_rsc=1", { rsc: "1" }))).toBe(false);
  });
});
