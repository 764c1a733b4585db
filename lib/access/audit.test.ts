import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEATURE_KEYS } from "../../tables/current";
import { filterParameters } from "../history/filters";
import { ACT_NAMES, type AuditFields, auditDetail, canonicalJson, filterNames, hashedText } from "./audit";

const ENTRY: AuditFields = {
  at: new Date("2026-11-26T19:00:00.120Z"),
  ...{ actorKind: "person", actorId: "p1", act: "prediction_saved", object: "prediction", objectId: "1" },
  ...{ modelHash: "abc", requestId: null, detail: '{"count":3}' },
};

describe("canonicalJson", () => {
  it("has every field, in one order, whatever order they are given in", () => {
    expect(canonicalJson(ENTRY)).toBe(
      '{"at":"2026-11-26T19:00:00.120Z","actorKind":"person","actorId":"p1","act":"prediction_saved","object":"prediction","objectId":"1","modelHash":"abc","requestId":null,"detail":"{\\"count\\":3}"}',
    );
    const turned = Object.fromEntries(Object.entries(ENTRY).reverse()) as AuditFields;
    expect(canonicalJson(turned)).toBe(canonicalJson(ENTRY));
  });

  it("differs where any field does", () => {
    const texts = Object.keys(ENTRY).map((key) =>
      canonicalJson({ ...ENTRY, [key]: key === "at" ? new Date(0) : "another" }),
    );
    expect(new Set([...texts, canonicalJson(ENTRY)]).size).toBe(texts.length + 1);
  });

  it("is hashed behind the hash before it and the place", () => {
    const text = hashedText("ff", 7n, canonicalJson(ENTRY));
    expect(text).toBe(`ff 7 ${canonicalJson(ENTRY)}`);
    // An auditor's own program has to come to the same: sha256sum of this text.
    expect(createHash("sha256").update(text).digest("hex")).toBe(
      "d5956179269509c1c94ebcd24be22efe0f8cca8738c7ddade79c79fa602b1c41",
    );
  });
});

describe("auditDetail", () => {
  const words = fc.string().filter((text) => text !== "");
  const names = Object.keys(auditDetail.shape);

  it("takes no text that is not in its lists, and no measurement", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names, ...FEATURE_KEYS, "note", "caseCode", "text"),
        fc.oneof(words, fc.double({ noInteger: true }), fc.array(words, { minLength: 1 }), fc.object()),
        (name, value) => {
          fc.pre(!isListed(value));
          expect(auditDetail.safeParse({ [name]: value }).success).toBe(false);
        },
      ),
    );
  });

  const LISTED = new Set(
    ["format", "method", "factor", "role"].flatMap(
      (name) => auditDetail.shape[name as "format"].unwrap().options,
    ) as string[],
  );
  const isListed = (value: unknown) => typeof value === "string" && LISTED.has(value);
});

describe("filterNames", () => {
  it("knows every name by which the history filters, and tells no value", () => {
    const byForm = ["measure", "min", "max"];
    const pairs = Object.keys(filterParameters)
      .filter((name) => !byForm.includes(name))
      .map((name) => [name, "a secret"] as const);
    expect(filterNames(pairs).sort()).toEqual(pairs.map(([name]) => name).sort());
    expect(filterNames([["sort", "-date"]])).toEqual([]);
  });
});

it("every act's name fits an address", () => {
  for (const act of ACT_NAMES) expect(act).toMatch(/^[a-z_]+$/);
});
