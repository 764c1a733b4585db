import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FEATURE_KEYS } from "../../tables/current";
import { SOURCES } from "../contract";
import { PAGE_SIZES, searchParamsOf } from "../list-address";
import { CAUTION_FILTERS } from "../prediction/cautions";
import { chipsOf, type HistoryFilters, NO_FILTERS, OUTCOME_FILTERS } from "./filters";
import {
  DEFAULT_HISTORY_QUERY,
  DENSITIES,
  type HistoryQuery,
  historyHref,
  parseHistoryQuery,
  SORT_KEYS,
  sortBy,
  sortedMeasurement,
} from "./query";

const ID = "0190c8a0-0000-7000-8000-000000000001";

const parse = (href: string) =>
  parseHistoryQuery(searchParamsOf(new URL(href, "http://localhost").searchParams));
const messageOf = (href: string) => {
  const parsed = parse(href);
  return parsed.ok ? "" : parsed.error.message;
};

const ends = (most: number) =>
  fc
    .tuple(
      fc.option(fc.double({ min: 0, max: most, noNaN: true })),
      fc.option(fc.double({ min: 0, max: most, noNaN: true })),
    )
    .filter(([min, max]) => (min ?? max) !== null && (min === null || max === null || min <= max))
    .map(([min, max]) => ({ min, max }));
const day = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const word = (maxLength: number) =>
  fc
    .string({ minLength: 1, maxLength, unit: "grapheme" })
    .filter((text) => text === text.trim() && text !== "" && text.length <= maxLength);

const filters: fc.Arbitrary<HistoryFilters> = fc
  .record({
    days: fc.option(fc.tuple(day, day).map((days) => days.sort())),
    labels: fc.subarray(["M", "B", "uncertain", "no_answer"] as const),
    probability: fc.option(ends(1)),
    sources: fc.subarray([...SOURCES]),
    model: fc.option(word(100)),
    outcome: fc.option(fc.constantFrom(...OUTCOME_FILTERS)),
    caution: fc.option(fc.constantFrom(...CAUTION_FILTERS)),
    levels: fc.constant([]),
    measurements: fc
      .subarray([...FEATURE_KEYS], { maxLength: 4 })
      .chain((keys) => fc.tuple(...keys.map((key) => ends(1e6).map((range) => ({ key, ...range }))))),
    text: fc.option(word(100)),
  })
  .map(({ days, ...rest }) => ({ ...rest, from: days?.[0] ?? null, to: days?.[1] ?? null }));

const query: fc.Arbitrary<HistoryQuery> = fc
  .record({
    sort: fc.constantFrom(...SORT_KEYS),
    direction: fc.constantFrom("ascending" as const, "descending" as const),
    size: fc.constantFrom(...PAGE_SIZES),
    columns: fc
      .subarray([...FEATURE_KEYS])
      .map((chosen) => FEATURE_KEYS.filter((key) => chosen.includes(key))),
    towards: fc.constantFrom("next" as const, "previous" as const),
    hasCursor: fc.boolean(),
    id: fc.uuid({ version: 7 }),
    time: fc.integer({ min: 0, max: 4e12 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    measured: fc.double({ min: 0, max: 1e300, noNaN: true }),
    density: fc.constantFrom(...DENSITIES),
    filters,
    word: fc.string({ minLength: 1, maxLength: 100, unit: "grapheme" }).filter((text) => text.length <= 100),
  })
  .map(({ towards, hasCursor, id, time, share, measured, word, ...rest }) => {
    const values = { date: time, diagnosis: share < 0.5 ? "M" : "B", probability: share, model: word };
    const value = rest.sort in values ? values[rest.sort as keyof typeof values] : measured;
    return { ...rest, cursor: hasCursor ? { towards, value, id } : null };
  });

describe("parseHistoryQuery", () => {
  it("reads the plain address as the default", () => {
    expect(parse("/history")).toEqual({ ok: true, value: DEFAULT_HISTORY_QUERY });
    expect(historyHref(DEFAULT_HISTORY_QUERY)).toBe("/history");
  });

  it("reads sort, size and columns", () => {
    expect(parse("/history?sort=-probability&size=100&columns=area_worst,radius_mean")).toMatchObject({
      value: {
        sort: "probability",
        direction: "descending",
        size: 100,
        columns: ["radius_mean", "area_worst"],
      },
    });
  });

  it("reads the column chooser's form, and none chosen as none", () => {
    expect(parse("/history?columns=&columns=area_mean&columns=radius_se")).toMatchObject({
      value: { columns: ["area_mean", "radius_se"] },
    });
    expect(parse("/history?columns=")).toMatchObject({ value: { columns: [] } });
    expect(parse("/history?columns=all")).toMatchObject({ value: { columns: FEATURE_KEYS } });
    expect(historyHref({ ...DEFAULT_HISTORY_QUERY, columns: FEATURE_KEYS })).toBe("/history?columns=all");
  });

  it.each([
    ["/history?sort=id", '"sort" cannot be "id". It can be date, diagnosis, probability'],
    ["/history?sort=", '"sort" cannot be "".'],
    ["/history?sort=--date", '"sort" cannot be "--date".'],
    ["/history?sort=date&sort=model", '"sort" is in the address more than once.'],
    ["/history?size=7", '"size" cannot be "7". It can be 25, 50, 100.'],
    ["/history?size=25&size=25", '"size" is in the address more than once.'],
    ["/history?columns=radius_mean,idempotency_key", '"columns" cannot be "idempotency_key".'],
    ["/history?cursor=abc", '"cursor" is not a place in the history sorted by -date.'],
    ["/history?cursor=a&cursor=b", '"cursor" is in the address more than once.'],
    ["/history?sotr=date", 'There is no parameter "sotr".'],
    ["/history?__proto__=1", 'There is no parameter "__proto__".'],
  ])("says what is wrong with %s", (href, message) => {
    expect(messageOf(href)).toContain(message);
  });

  it("refuses a cursor of another sort, and a changed one", () => {
    const cursor = { towards: "next" as const, value: 0.5, id: ID };
    const href = historyHref({ ...DEFAULT_HISTORY_QUERY, sort: "probability", cursor });
    expect(parse(href)).toMatchObject({ value: { cursor } });
    expect(messageOf(href.replace("sort=-probability", "sort=probability"))).toContain("cursor");
    expect(messageOf(href.replace("sort=-probability", "sort=-radius_mean"))).toContain("cursor");
    expect(messageOf(href.slice(0, -1))).toContain("cursor");
    expect(messageOf(`${href}=`)).toContain("cursor");
  });

  it("gives back every query it wrote", () => {
    fc.assert(
      fc.property(query, (wanted) => {
        expect(parse(historyHref(wanted))).toEqual({ ok: true, value: wanted });
      }),
    );
  });

  it("never throws on any address and never yields an unlisted column", () => {
    const name = fc.oneof(
      fc.constantFrom("sort", "size", "columns", "cursor", "deleted", "restored"),
      fc.string(),
    );
    const encoded = fc.string({ maxLength: 60 }).map((text) => Buffer.from(text).toString("base64url"));
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      encoded,
      fc.json().map((json) => Buffer.from(json).toString("base64url")),
      fc.constantFrom(
        ...SORT_KEYS,
        "-date",
        "25",
        "1; DROP TABLE prediction",
        "created_at",
        "-id",
        "constructor",
      ),
    );
    const value = fc.oneof(text, fc.array(text, { maxLength: 3 }));
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (params) => {
        const parsed = parseHistoryQuery(params);
        if (!parsed.ok) return parsed.error.message.length > 10 && parsed.error.message.length < 400;
        const { sort, columns, size, cursor } = parsed.value;
        expect(SORT_KEYS).toContain(sort);
        expect(PAGE_SIZES).toContain(size);
        for (const column of columns) expect(FEATURE_KEYS).toContain(column);
        expect(cursor).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });
});

describe("sortBy", () => {
  it("starts at the first page, turns round a column already sorted", () => {
    const cursor = { towards: "next" as const, value: 1, id: ID };
    const once = sortBy({ ...DEFAULT_HISTORY_QUERY, cursor }, "area_mean");
    expect(once).toMatchObject({ sort: "area_mean", direction: "descending", cursor: null });
    expect(historyHref(sortBy(once, "area_mean"))).toBe("/history?sort=area_mean");
    expect(historyHref(sortBy(once, "model"))).toBe("/history?sort=model");
    expect(historyHref(sortBy(DEFAULT_HISTORY_QUERY, "date"))).toBe("/history?sort=date");
  });
});

describe("filters", () => {
  it("are read from an address as forms and links write them", () => {
    const parsed = parse(
      "/history?from=2026-01-02&to=&answer=malignant&answer=uncertain&pmin=0,2&measure=radius_mean&min=10&max=&area_worst=..900&text=%20A-17%20",
    );
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        filters: {
          ...NO_FILTERS,
          from: "2026-01-02",
          labels: ["M", "uncertain"],
          probability: { min: 0.2, max: null },
          measurements: [
            { key: "radius_mean", min: 10, max: null },
            { key: "area_worst", min: null, max: 900 },
          ],
          text: "A-17",
        },
      },
    });
  });

  it.each([
    ["/history?from=2026-02-30", "such as 2026-11-24"],
    ["/history?from=2026-02-02&to=2026-02-01", "after"],
    ["/history?pmin=1.5", "from 0 to 1"],
    ["/history?pmin=0.5&pmax=0.4", "more than"],
    ["/history?answer=perhaps", "malignant, benign, uncertain"],
    ["/history?radius_mean=20..10", "ends before it begins"],
    ["/history?radius_mean=10", "such as 10..20"],
    ["/history?radius_mean=..", "such as 10..20"],
    ["/history?min=3", "need a “measure”"],
    ["/history?measure=id&min=3", "one of the 30 measurements"],
    ["/history?outcome=maybe", "known, unknown, disagrees"],
    ["/history?text=a&text=b", "more than once"],
  ])("%s is refused with a sentence", (href, says) => {
    expect(messageOf(href)).toContain(says);
  });

  it("have a chip each, which takes off that one and no other", () => {
    fc.assert(
      fc.property(filters, (all) => {
        const chips = chipsOf(all);
        for (const { without } of chips) expect(chipsOf(without)).toHaveLength(chips.length - 1);
      }),
    );
    expect(chipsOf(NO_FILTERS)).toEqual([]);
  });
});

it("a cursor by a column holds a place of its levels, and null only where a value may be missing", () => {
  const column = { type: "category" as const, levels: ["a", "b", "c"], mayMiss: true, least: 0 };
  const number = { type: "number" as const, levels: [], mayMiss: false, least: -2 };
  const accepts = (feature: typeof column | typeof number, values: unknown[]) =>
    values.filter((value) => sortedMeasurement(feature).safeParse(value).success);
  const values = [null, -3, -2, -1, 0, 1.5, 2, 3, "a"];
  expect(accepts(column, values)).toEqual([null, 0, 2]);
  expect(accepts(number, values)).toEqual([-2, -1, 0, 1.5, 2, 3]);
});
