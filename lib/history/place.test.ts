import { expect, it } from "vitest";
import { predictionHref, readList } from "./place";
import { DEFAULT_HISTORY_QUERY, parseHistoryQuery } from "./query";

const ID = "0190c8a0-0000-7000-8000-00000000dead";

it("leads to a prediction and back to its list, without the place in that", () => {
  const query = parseHistoryQuery({ sort: "-probability", answer: "uncertain", text: "A & B", columns: "" });
  if (!query.ok) throw new Error(query.error.message);
  const cursor = { towards: "next" as const, value: 0.5, id: ID };
  const href = predictionHref(ID, { ...query.value, cursor });
  const given = new URL(href, "http://localhost").searchParams.get("in") ?? "";
  expect(readList(given)).toEqual(query.value);
});

it("is the whole history where none is named, or none that can be read", () => {
  expect(predictionHref(ID, DEFAULT_HISTORY_QUERY)).toBe(`/history/${ID}`);
  for (const given of [undefined, ["a", "b"], "sort=id", "nonsense", ""])
    expect(readList(given)).toEqual(DEFAULT_HISTORY_QUERY);
});
