import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import { LevelFilters } from "@/components/prediction/level-filters";
import { ValuesTable } from "@/components/prediction/values-table";
import { LevelBars } from "@/components/review/level-bars";
import { WhatIfLevels } from "@/components/review/what-if-levels";
import { label } from "@/lib/contract";
import { byKey, type MeasurementTexts, readNumbers, textsOf } from "@/lib/predict/measurements";
import { AS_READ, hasGrid } from "@/lib/prediction/layout";
import { FEATURES, type Feature, SAMPLES } from "@/tables/current";
import { MeasurementFields } from "./measurement-fields";

vi.mock("@/tables/current", () => import("@/test/mixed-table"));

const nothing = () => {};
const [start, end] = SAMPLES.map(({ values }) => values);
const featureOf = (key: string): Feature => {
  const feature = FEATURES.find((one) => String(one.key) === key);
  if (feature === undefined) throw new Error(`no ${key}`);
  return feature;
};

const form = (texts: MeasurementTexts) =>
  renderToStaticMarkup(
    createElement(MeasurementFields, {
      texts,
      numbers: readNumbers(texts),
      errors: {},
      isChecked: false,
      focused: null,
      distributions: [],
      onFocus: nothing,
      onBlur: nothing,
      onPaste: nothing,
      onKeyDown: nothing,
      field: (name) => ({ name, onChange: async () => {}, onBlur: async () => {}, ref: nothing }),
      onNotKnown: nothing,
    }),
  );

/** The inputs of a form as a browser without script would send them. */
const sent = (html: string) =>
  [...html.matchAll(/<input[^>]*>/g)].flatMap(([input]) => {
    const at = (name: string) =>
      new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1]?.replaceAll("&quot;", '"') ?? "";
    const isChoice = /type="(radio|checkbox)"/.test(input);
    return isChoice && !/ checked=""/.test(input) ? [] : [[at("name"), at("value")]];
  });

describe("the form of a table without a grid", () => {
  it("has every column once, and sends the values that it was filled with", () => {
    expect(hasGrid).toBe(false);
    expect(AS_READ).toEqual(FEATURES);
    for (const values of [start, end]) {
      const texts = textsOf(values ?? []);
      const given = new Map(sent(form(texts)).map(([name, value]) => [name, value] as const));
      expect(Object.fromEntries(given)).toEqual(texts);
    }
  });

  it("chooses nothing by itself, and offers “not known” only where it may be", () => {
    const html = form(byKey(() => ""));
    expect(sent(html).every(([, value]) => value === "")).toBe(true);
    const names = [...html.matchAll(/name="(\w+)" value="\?"/g)].map(([, name]) => name);
    expect(names.toSorted()).toEqual(
      FEATURES.filter(({ mayMiss }) => mayMiss)
        .map(({ key }) => String(key))
        .toSorted(),
    );
  });
});

it("the values are listed in words", () => {
  const text = renderToStaticMarkup(createElement(ValuesTable, { values: end ?? [] })).replace(
    /<[^>]+>/g,
    "|",
  );
  for (const word of ["Home", "own", "Owner", "no", "not known"]) expect(text).toContain(`|${word}|`);
});

it("the levels of a column are tried one by one, what is not known last", () => {
  const answer = label.parse("uncertain");
  const html = renderToStaticMarkup(
    createElement(WhatIfLevels, {
      answer: {
        probability: 0.2,
        answer,
        isLog: false,
        curve: [
          [0, 0.2, answer],
          [1, 0.7, answer],
          [Number.NaN, 0.4, answer],
        ],
        savedCurve: null,
        training: { positive: [], negative: [] },
      },
      feature: featureOf("home"),
      value: Number.NaN,
      saved: 0,
      threshold: 0.5,
      uncertain: null,
      onChoose: nothing,
    }),
  );
  expect(sent(html)).toEqual([["value", "?"]]);
  expect([...html.matchAll(/value="([^"]*)"/g)].map(([, value]) => value)).toEqual(["rent", "own", "?"]);
});

it("a list is narrowed by levels, and by what is not known of a number that has no range", () => {
  const home = featureOf("home").key;
  const filters = (ranges: { key: string }[]) =>
    renderToStaticMarkup(
      createElement(LevelFilters, { chosen: [{ key: home, places: [1, Number.NaN] }], ranges }),
    );
  expect(sent(filters([]))).toEqual([
    ["home", "own"],
    ["home", "?"],
  ]);
  expect(filters([])).toContain('name="age"');
  expect(filters([{ key: "age" }])).not.toContain('name="age"');
});

describe("a choice among the reasons", () => {
  it("shows for each level which share of each class has it, what is not known last, and the case's own", () => {
    const feature = FEATURES.find(({ type, mayMiss }) => type === "category" && mayMiss) as Feature;
    const shares = [...feature.levels, "not known"].map((_, at) => at / 10);
    const html = renderToStaticMarkup(
      createElement(LevelBars, {
        distribution: { positive: shares, negative: shares },
        feature,
        value: Number.NaN,
      }),
    );
    expect(html.match(/<li/g)).toHaveLength(Math.min(shares.length, 9));
    expect(html.match(/aria-current="true"[^>]*><span[^>]*>([^<]*)/)?.[1]).toBe("not known");
    expect(html).toContain(`${feature.levels.length * 10} %`);
  });
});
