import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseDataset } from "../../model/dataset";
import { about } from "./about";
import { factsOf } from "./facts";
import { PROPERTIES } from "./index";

/** What the page about the measurements and docs/measurements.md say that the table proves. */

const { features } = parseDataset(readFileSync(new URL("data.csv", import.meta.url), "utf8"));
const facts = factsOf(features);
const text = about.sections.flatMap((section) => section.text).join(" ");

it("is of every property", () => {
  expect(Object.keys(about.properties)).toEqual(PROPERTIES.map(({ key }) => key));
});

it("has 20 rows with a single dented nucleus, whose number is a whole one", () => {
  expect(
    facts["standard error is the sample deviation over √n, worst the mean of the three largest"],
  ).toEqual({
    "rows in which both standard errors are the means": 20,
    "their numbers of nuclei": [5, 6, 6, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 13, 15, 15, 17, 20],
    // Four digits were kept of each.
    "largest distance of 3 × worst / mean from a whole number": 0.006124,
    "% that a deviation with n would be too small": [2.532, 10.56],
  });
  expect(text).toContain("In 20 rows");
  expect(text).toContain("from 5 to 20");
});

it("has two rows of three nuclei, and one of 38 at least", () => {
  expect(facts["number of nuclei"]).toEqual({
    "rows of three nuclei, where every worst is the mean": [38, 212],
    "largest (worst − mean) / standard error": 20.66,
    "fewest nuclei that allow it": 38,
  });
  expect(text).toContain("In rows 38 and 212");
});

it("has dents of no depth where it has no dented points, in 13 rows", () => {
  expect(facts["concavity is zero where concave points are"]).toEqual({
    "rows without concavity": 13,
    "of them without concave points": 13,
    "rows without concave points": 13,
  });
  expect(text).toContain("in 13 rows");
});

it("has areas of whole pixels and half the perimeter", () => {
  expect(facts["area is whole pixels plus half the perimeter"]).toEqual({
    "rows with a worst area below 1,000": 416,
    "best coefficient of the perimeter from 0 to 2": 0.5,
    "Rayleigh's z there": 52.24,
    "distance from whole numbers there": 0.02504,
    "best z of other coefficients": 5.852,
    "best z at 0.5 with other rows' perimeters": 5.237,
  });
  expect(text).toContain("in the 416 rows with a worst area below 1,000");
});

it("has shares of an even number of points", () => {
  expect(facts["concave points are a share k / N, and N is even"]).toEqual({
    "nuclei with a share of 1 / N, N over 20": 29,
    "of them with an even N": 29,
    "N from, to": [22, 46],
    "median of the image's perimeter over N": 2.264,
  });
});

it("has a compactness that is 0 for a circle, not perimeter² / area − 1", () => {
  expect(facts["compactness is P² / (4 π A) − 1"]).toEqual({
    "column from, to": [0.01938, 0.3454],
    "P² / A − 1 of the means from, to": [11.69, 15.59],
    "P² / (4 π A) − 1 of the means from, to": [0.00959, 0.3199],
    "median of the column": 0.09263,
    "median of P² / (4 π A) − 1": 0.07981,
    "correlation of the two": 0.9651,
  });
  expect(text).toContain("11.7 to 15.6 here, where the column has 0.019 to 0.345");
  expect(text).toContain("correlation 0.965");
});
