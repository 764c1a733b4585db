import { describe, expect, it } from "vitest";
import { takePlace, untilEnd } from "./at-once";
import { addressOf, limitsOf, networkOf } from "./limits";

describe("the address that is counted", () => {
  const asked = (remoteAddress: string, forwarded?: string) => ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  });

  it.each([
    ["of a connection", "203.0.113.9", undefined, "203.0.113.9"],
    ["of IPv4 over IPv6", "::ffff:203.0.113.9", undefined, "203.0.113.9"],
    ["of who makes one up", "203.0.113.9", "198.51.100.1", "203.0.113.9"],
    ["behind a proxy on this machine", "127.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["behind it, of who made one up", "::1", "198.51.100.1, 203.0.113.9", "203.0.113.9"],
    ["behind a trusted proxy", "10.1.2.3", "203.0.113.9", "203.0.113.9"],
    ["behind two of them", "127.0.0.1", "203.0.113.9, 10.1.2.3", "203.0.113.9"],
    ["behind one that is not trusted", "10.9.2.3", "203.0.113.9", "10.9.2.3"],
    ["of this machine", "127.0.0.1", undefined, "127.0.0.1"],
    ["of a proxy that says nothing", "127.0.0.1", " ", "127.0.0.1"],
  ])("%s", (_, remote, forwarded, expected) => {
    expect(addressOf(asked(remote, forwarded), ["10.1.0.0/16", "2001:db8::5"])).toBe(expected);
  });

  it.each([
    ["203.0.113.9", "203.0.113.9"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8::5", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::", "fe80:0:0:0::/64"],
  ])("%s is of the network %s", (address, network) => expect(networkOf(address)).toBe(network));
});

describe("what a request is counted by", () => {
  it.each([
    ["GET", "/", []],
    ["GET", "/history/export", []],
    ["POST", "/", ["forms"]],
    ["POST", "/history/x", ["forms"]],
    ["POST", "/batch/file", ["uploads"]],
    ["POST", "/batch/pasted?x", ["uploads"]],
    ["POST", "/history/import/file?take=edits", ["uploads"]],
    ["POST", "/history/x/image", ["uploads"]],
    ["GET", "/api/v1/model", ["api"]],
    ["GET", "/api/v1/health/live", []],
    ["POST", "/api/v1/predictions", ["api"]],
    ["POST", "/api/v1/batches", ["api", "uploads"]],
    ["POST", "/api/v1/batches/?start=true", ["api", "uploads"]],
    ["GET", "/api/v1/batches", ["api"]],
    ["POST", "/v2/models/x/infer", ["api"]],
    ["GET", "/api/v10", []],
  ])("%s %s", (method, url, names) => expect(limitsOf({ method, url })).toEqual(names));
});

describe("a place", () => {
  it("is one of few, and is there again once it is given back, if only once", () => {
    const first = takePlace("export");
    const second = takePlace("export");
    expect([first, second, takePlace("export")]).toEqual([expect.any(Function), expect.any(Function), null]);
    first?.();
    first?.();
    const third = takePlace("export");
    expect([third, takePlace("export")]).toEqual([expect.any(Function), null]);
    second?.();
    third?.();
  });

  const ofOne = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
    new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });

  it.each<[string, () => Promise<unknown>]>([
    [
      "is read to its end",
      () =>
        new Response(
          untilEnd(
            ofOne((one) => one.close()),
            takeImport(),
          ),
        ).text(),
    ],
    [
      "breaks off",
      () =>
        new Response(
          untilEnd(
            ofOne((one) => one.error(new Error("gone"))),
            takeImport(),
          ),
        )
          .text()
          .catch(() => {}),
    ],
    [
      "is left",
      () =>
        untilEnd(
          ofOne((one) => one.enqueue(new Uint8Array(1))),
          takeImport(),
        ).cancel(),
    ],
  ])("is given back when its stream %s", async (_, finish) => {
    await finish();
    takeImport()();
  });
});

/** Throws where it is not free. */
function takeImport(): () => void {
  const end = takePlace("import");
  if (end === null) throw new Error("The place is taken.");
  return end;
}
