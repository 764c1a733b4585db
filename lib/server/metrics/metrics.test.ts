import { describe, expect, it } from "vitest";
import { measured, routeOf } from "./metrics";

describe("the pattern of an address", () => {
  it.each([
    ["/", 200, "/"],
    ["/history?text=B-201", 200, "/history"],
    ["/history/0190c8a0-0000-7000-8000-000000000001", 200, "/history/{id}"],
    ["/batch/0190c8a0-0000-7000-8000-000000000001/rows/17", 200, "/batch/{id}/rows/{id}"],
    ["/_next/static/chunks/x.js", 200, "/_next"],
    ["/made-up-by-somebody", 404, "other"],
    ["/api/v1/predictions", 422, "/api/v1/predictions"],
  ])("%s, answered with %d, is %s", (url, status, route) => expect(routeOf(url, status)).toBe(route));
});

it("nothing is counted until somebody asks", () => expect(measured()).toBeNull());
