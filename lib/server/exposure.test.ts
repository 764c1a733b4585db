import { describe, expect, it } from "vitest";
import { parseEnv } from "./env";
import { exposureOf, OPEN_TO_ALL, warningsOf } from "./exposure";

const LOOPBACK = ["127.0.0.1", "::1", "127.0.0.2"];
const REACHED = ["0.0.0.0", "::", "192.168.7.20", "2001:db8::7"];
const SIGN_IN_SECRET = Buffer.alloc(32, 7).toString("base64");
const SIGN_IN = {
  none: {},
  "a secret only": { SIGN_IN_SECRET },
  "an address only": { PUBLIC_URL: "https://cases.example" },
  "http to this machine": { SIGN_IN_SECRET, PUBLIC_URL: "http://localhost:3000" },
  "http to others": { SIGN_IN_SECRET, PUBLIC_URL: "http://cases.example" },
  https: { SIGN_IN_SECRET, PUBLIC_URL: "https://cases.example" },
};
type Way = keyof typeof SIGN_IN;

/** The settings that are named where a start is refused; none where it is not. */
const REFUSED: Record<"loopback" | "reached", Record<"asked" | "open", Record<Way, string[]>>> = {
  loopback: {
    asked: {
      none: [],
      "a secret only": ["PUBLIC_URL"],
      "an address only": ["SIGN_IN_SECRET"],
      "http to this machine": [],
      "http to others": ["PUBLIC_URL"],
      https: [],
    },
    open: {
      none: [],
      "a secret only": ["INSECURE_NO_AUTH", "PUBLIC_URL"],
      "an address only": ["SIGN_IN_SECRET"],
      "http to this machine": ["INSECURE_NO_AUTH"],
      "http to others": ["PUBLIC_URL"],
      https: ["INSECURE_NO_AUTH"],
    },
  },
  reached: {
    asked: {
      none: ["BIND_ADDRESS"],
      "a secret only": ["BIND_ADDRESS", "PUBLIC_URL"],
      "an address only": ["BIND_ADDRESS", "SIGN_IN_SECRET"],
      "http to this machine": ["BIND_ADDRESS"],
      "http to others": ["PUBLIC_URL"],
      https: [],
    },
    open: {
      none: [],
      "a secret only": ["INSECURE_NO_AUTH", "PUBLIC_URL"],
      "an address only": ["SIGN_IN_SECRET"],
      "http to this machine": ["INSECURE_NO_AUTH"],
      "http to others": ["PUBLIC_URL"],
      https: ["INSECURE_NO_AUTH"],
    },
  },
};

const COMBINATIONS = [...LOOPBACK, ...REACHED].flatMap((address) =>
  (Object.keys(SIGN_IN) as Way[]).flatMap((way) =>
    [{}, { INSECURE_NO_AUTH: "1" }].map((insecure) => ({
      address,
      way,
      settings: { BIND_ADDRESS: address, ...SIGN_IN[way], ...insecure },
      isLoopback: LOOPBACK.includes(address),
      isOpen: "INSECURE_NO_AUTH" in insecure,
    })),
  ),
);

describe.each(COMBINATIONS)("at $address with sign-in $way, open: $isOpen", (one) => {
  const { way, settings, isLoopback, isOpen } = one;
  const refused = REFUSED[isLoopback ? "loopback" : "reached"][isOpen ? "open" : "asked"][way];
  const parsed = parseEnv(settings);

  it(refused.length === 0 ? "starts" : `is refused for ${refused.join(" and ")}`, () => {
    const named = parsed.ok
      ? []
      : [...parsed.error.matchAll(/^ {2}([A-Z_]+) must be/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(refused);
  });

  if (!parsed.ok) return;
  it("is open to all only where others reach it and nobody signs in", () => {
    const expected = !isLoopback && way === "none";
    expect(exposureOf(parsed.value).isOpenToAll).toBe(expected);
    expect(warningsOf(parsed.value)).toEqual(expected ? [OPEN_TO_ALL] : []);
  });
});

const exposure = (source: Record<string, string>) => {
  const parsed = parseEnv(source);
  if (!parsed.ok) throw new Error(parsed.error);
  return exposureOf(parsed.value);
};

describe("the address that people can open", () => {
  it.each<[Record<string, string>, string]>([
    [{}, "http://127.0.0.1:3000"],
    [{ PORT: "8080" }, "http://127.0.0.1:8080"],
    [{ BIND_ADDRESS: "::1" }, "http://[::1]:3000"],
    [{ BIND_ADDRESS: "127.0.0.2" }, "http://127.0.0.2:3000"],
    [{ BIND_ADDRESS: "0.0.0.0", INSECURE_NO_AUTH: "1" }, "http://localhost:3000"],
    [
      { BIND_ADDRESS: "0.0.0.0", INSECURE_NO_AUTH: "1", ALLOWED_HOSTS: "localhost,lab-3" },
      "http://lab-3:3000",
    ],
    [
      { BIND_ADDRESS: "192.168.7.20", INSECURE_NO_AUTH: "1", ALLOWED_HOSTS: "lab-3,192.168.7.20" },
      "http://192.168.7.20:3000",
    ],
    [{ SIGN_IN_SECRET, PUBLIC_URL: "https://cases.example" }, "https://cases.example"],
  ])("of %j is %s", (source, address) => {
    const { address: told, hosts } = exposure(source);
    expect(told).toBe(address);
    // A server never announces a name that it would refuse.
    expect(hosts).toContain(new URL(told).hostname);
  });
});

it("answers to the host of PUBLIC_URL and to a loopback address, and to no other that is not allowed", () => {
  expect(exposure({ SIGN_IN_SECRET, PUBLIC_URL: "https://cases.example" }).hosts).toContain("cases.example");
  expect(exposure({ BIND_ADDRESS: "127.0.0.2" }).hosts).toContain("127.0.0.2");
  const open = exposure({ BIND_ADDRESS: "192.168.7.20", INSECURE_NO_AUTH: "1" });
  expect(open.hosts).toEqual(["localhost", "127.0.0.1", "[::1]"]);
});

it("warns of a proxy that lets others in", () => {
  const behind = parseEnv({ ALLOWED_HOSTS: "cases.example,localhost,127.0.0.1" });
  expect(behind.ok && warningsOf(behind.value)).toEqual([
    "ALLOWED_HOSTS names cases.example, and nobody signs in: whoever the proxy lets through can read and change everything here.",
  ]);
  const signedIn = parseEnv({
    ALLOWED_HOSTS: "cases.example",
    SIGN_IN_SECRET,
    PUBLIC_URL: "https://cases.example",
  });
  expect(signedIn.ok && warningsOf(signedIn.value)).toEqual([]);
});
