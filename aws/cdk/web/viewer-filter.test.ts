import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { VIEWER_HEADER, viewerFilter } from "./viewer-filter";

const request = { uri: "/history", headers: {} };

function answer(allowed: string[] | undefined, ip: string): unknown {
  return runInNewContext(`${viewerFilter(allowed)}handler(event)`, { event: { request, viewer: { ip } } });
}

it("lets everybody in where no addresses are given, with an address that the viewer cannot choose", () => {
  const asked = { uri: "/", headers: { [VIEWER_HEADER]: { value: "192.0.2.9" } } };
  const event = { request: asked, viewer: { ip: "203.0.113.7" } };
  expect(runInNewContext(`${viewerFilter()}handler(event)`, { event })).toBe(asked);
  expect(asked.headers[VIEWER_HEADER]).toEqual({ value: "203.0.113.7" });
  expect(answer(undefined, "255.255.255.255")).toBe(request);
});

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["198.51.100.0/24", "198.51.100.255"],
  ["198.51.100.77/24", "198.51.100.1"],
  ["10.0.0.0/8", "10.255.0.1"],
  ["255.255.255.254/31", "255.255.255.255"],
])("lets %s in: %s", (allowed, ip) => {
  expect(answer(["192.0.2.1", allowed], ip)).toBe(request);
});

it.each([
  ["203.0.113.7", "203.0.113.8"],
  ["198.51.100.0/24", "198.51.101.0"],
  ["10.0.0.0/8", "11.0.0.1"],
  ["203.0.113.7", "::ffff:203.0.113.7"],
  ["203.0.113.7", "2001:db8::1"],
  ["203.0.113.7", ""],
])("keeps others than %s out: %s", (allowed, ip) => {
  expect(answer([allowed], ip)).toEqual({ statusCode: 403, statusDescription: "Forbidden" });
});

it("stays small enough for CloudFront with the most ranges that the settings take", () => {
  const ranges = Array.from({ length: 100 }, (_, i) => `200.100.${100 + i}.0/24`);
  expect(viewerFilter(ranges).length).toBeLessThan(10_240);
});
