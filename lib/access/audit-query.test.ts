import { describe, expect, it } from "vitest";
import { auditChips, auditHref, parseAuditQuery } from "./audit-query";

const ADDRESS = {
  ...{ act: "prediction_viewed", who: "p1", object: "0190c8a0-0000-7000-8000-000000000001" },
  ...{ from: "2026-11-01", to: "2026-11-30", cursor: "older-120" },
};

function read(params: Parameters<typeof parseAuditQuery>[0]) {
  const query = parseAuditQuery(params);
  if (!query.ok) throw new Error(query.error);
  return query.value;
}

describe("an address of the audit", () => {
  it("is read and written alike", () => {
    const href = auditHref(read(ADDRESS));
    expect(Object.fromEntries(new URL(href, "http://localhost").searchParams)).toEqual(ADDRESS);
    expect(auditHref(read({}))).toBe("/audit");
    expect(auditHref(read({ act: "", who: " ", from: "" }))).toBe("/audit");
  });

  it("says what is wrong with it", () => {
    for (const [params, says] of [
      [{ act: "unheard" }, '"act"'],
      [{ from: "2026-02-30" }, "It is a day"],
      [{ cursor: "120" }, "It is a place"],
      [{ colour: "red" }, 'no parameter "colour"'],
      [{ who: ["a", "b"] }, "more than once"],
    ] satisfies [Parameters<typeof parseAuditQuery>[0], string][]) {
      expect(parseAuditQuery(params)).toEqual({ ok: false, error: expect.stringContaining(says) });
    }
  });

  it("has a chip for each filter, which leads to the rest", () => {
    const chips = auditChips(read(ADDRESS).filters);
    expect(chips.map(({ label }) => label)).toEqual([
      ...["Prediction viewed", "by p1", "to 0190c8a0-0000-7000-8000-000000000001"],
      ...["from 2026-11-01", "until 2026-11-30"],
    ]);
    for (const { without } of chips) expect(auditChips(without)).toHaveLength(4);
  });
});
