import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEATURE_KEYS, table } from "../../tables/current";
import { PAGE_SIZES, searchParamsOf } from "../list-address";
import { CAUTION_FILTERS } from "../prediction/cautions";
import {
  BATCH_SORTS,
  BATCH_VIEWS,
  type BatchQuery,
  batchChips,
  batchHref,
  batchListText,
  DEFAULT_BATCH_QUERY,
  parseBatchQuery,
  sortBatchBy,
} from "./query";

const ID = "0190c8a0-0000-7000-8000-000000000001";
const parse = (href: string) =>
  parseBatchQuery(searchParamsOf(new URL(href, "http://localhost").searchParams));
const messageOf = (href: string) => {
  const parsed = parse(href);
  return parsed.ok ? "" : parsed.error.message;
};

const end = (most: number) => fc.option(fc.double({ min: 0, max: most, noNaN: true }));
const range = (most: number) =>
  fc
    .record({ min: end(most), max: end(most) })
    .filter(({ min, max }) => (min ?? max) !== null && (min === null || max === null || min <= max));
const word = fc
  .string({ minLength: 1, maxLength: 100, unit: "grapheme" })
  .filter((text) => text === text.trim() && text !== "" && text.length <= 100);

const query: fc.Arbitrary<BatchQuery> = fc
  .record({
    view: fc.constantFrom(...BATCH_VIEWS),
    sort: fc.constantFrom(...BATCH_SORTS),
    direction: fc.constantFrom("ascending" as const, "descending" as const),
    size: fc.constantFrom(...PAGE_SIZES),
    columns: fc.subarray([...FEATURE_KEYS]),
    extra: fc.uniqueArray(fc.nat(200), { maxLength: 5 }).map((all) => all.sort((a, b) => a - b)),
    probability: fc.option(range(1)),
    caution: fc.option(fc.constantFrom(...CAUTION_FILTERS)),
    wrong: fc.boolean(),
    text: fc.option(word),
    levels: fc.constant([]),
    measurements: fc
      .subarray([...FEATURE_KEYS], { maxLength: 3 })
      .chain((keys) => fc.tuple(...keys.map((key) => range(1e6).map((ends) => ({ key, ...ends }))))),
    at: fc.option(
      fc.record({ towards: fc.constantFrom("next" as const, "previous" as const), row: fc.nat() }),
    ),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    code: fc.option(word),
    class: fc.option(fc.constantFrom(...Object.values(table.classes))),
  })
  .map(({ at, share, code, class: one, ...rest }) => {
    const values = { row: (at?.row ?? 0) + 1, code, answer: one, truth: one, probability: share };
    const value = rest.sort in values ? values[rest.sort as keyof typeof values] : share;
    return { ...rest, cursor: at === null ? null : { towards: at.towards, value, row: at.row + 1 } };
  });

describe("a batch's address", () => {
  it("is plain for what is left to a person, most probable first", () => {
    expect(batchHref(ID, DEFAULT_BATCH_QUERY)).toBe(`/batch/${ID}`);
    expect(parse(`/batch/${ID}`)).toEqual({ ok: true, value: DEFAULT_BATCH_QUERY });
  });

  it("gives back every query it wrote", () => {
    fc.assert(
      fc.property(query, (wanted) => {
        expect(parse(batchHref(ID, wanted))).toEqual({ ok: true, value: wanted });
        expect(parse(`/batch/${ID}?${batchListText(wanted)}`)).toEqual({
          ok: true,
          value: { ...wanted, cursor: null },
        });
      }),
    );
  });

  it("reads what the page's plain forms send", () => {
    expect(
      parse("/batch/x?view=all&columns=&extra=3&extra=0&text=&wrong=&measure=area_mean&min=2,5&max="),
    ).toEqual({
      ok: true,
      value: {
        ...DEFAULT_BATCH_QUERY,
        view: "all",
        extra: [0, 3],
        measurements: [{ key: "area_mean", min: 2.5, max: null }],
      },
    });
  });

  it.each([
    ["/batch/x?view=some", "It can be review"],
    ["/batch/x?sort=date", "It can be row, code"],
    ["/batch/x?size=26", "25, 50, 100"],
    ["/batch/x?extra=-1", "counted from 0"],
    ["/batch/x?wrong=no", "It can be yes"],
    ["/batch/x?pmin=0.5&pmax=0.4", "more than"],
    ["/batch/x?cursor=abc", "not a place in a batch sorted by -probability"],
    ["/batch/x?page=2", "There is no parameter"],
    ["/batch/x?text=a&text=b", "more than once"],
  ])("%s is refused with a sentence", (href, says) => {
    expect(messageOf(href)).toContain(says);
  });

  it("refuses the place of another order", () => {
    const href = batchHref(ID, {
      ...DEFAULT_BATCH_QUERY,
      sort: "row",
      cursor: { towards: "next", value: 3, row: 3 },
    });
    expect(messageOf(href)).toBe("");
    expect(messageOf(href.replace("sort=-row", "sort=row"))).toContain("cursor");
    expect(messageOf(href.replace("sort=-row", "sort=-truth"))).toContain("cursor");
  });

  it("never throws", () => {
    const name = fc.oneof(fc.constantFrom("view", "sort", "size", "columns", "extra", "cursor"), fc.string());
    const value = fc.oneof(fc.string(), fc.array(fc.string({ unit: "binary" }), { maxLength: 3 }));
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 4 }), (params) => {
        const parsed = parseBatchQuery(params);
        if (!parsed.ok) expect(parsed.error.message.length).toBeLessThan(400);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("sortBatchBy", () => {
  it("starts at the first page, turns round a column already sorted", () => {
    const cursor = { towards: "next" as const, value: 1, row: 1 };
    const once = sortBatchBy({ ...DEFAULT_BATCH_QUERY, cursor }, "area_mean");
    expect(once).toMatchObject({ sort: "area_mean", direction: "descending", cursor: null });
    expect(sortBatchBy(once, "area_mean")).toMatchObject({ direction: "ascending" });
    expect(sortBatchBy(once, "code")).toMatchObject({ sort: "code", direction: "ascending" });
  });
});

describe("batchChips", () => {
  it("has one for each filter, which takes off that one and no other", () => {
    fc.assert(
      fc.property(query, (all) => {
        const chips = batchChips(all);
        for (const { without } of chips) expect(batchChips(without)).toHaveLength(chips.length - 1);
      }),
    );
    expect(batchChips(DEFAULT_BATCH_QUERY)).toEqual([]);
  });
});
