import type { Measuring } from "../table";

// Apart from the words, so that only the page that measures is sent it.

export const measuring: Measuring = {
  title: "Measure an image",
  lead: "Outline the nuclei of a fine-needle aspirate: each outline moves to the nucleus's edge and is measured, and the thirty numbers follow from all of them.",
  nouns: { one: "nucleus", many: "nuclei", image: "aspirate" },
  honest: [
    "This is a teaching tool, and not for diagnosis.",
    "The numbers imitate those of Xcyt, the program of 1993 that the table comes from. Symmetry and concavity are imitations by fit: their formulas were never printed. Texture depends on your camera and stain.",
    "No real aspirate was measured here: none was at hand. What was tried are images drawn by computer, whose truth is known.",
  ],
  scale: {
    pixel: "Xcyt's pixel",
    says: "The model knows only pixels of a camera of 1993; how many micrometres one was is not in any source that we could read. So the image is brought to such pixels before it is measured.",
    typical: 24,
    typicalOf: "small regular nuclei",
    radius: { least: 7, most: 28 },
    // Fractal dimension and compactness of the table's means, and what of the first is left for the radius; see rules.ts.
    expectedRadius: {
      numerator: 0.323,
      y: "fractal_dimension_mean",
      least: 0.026,
      slope: 0.124,
      x: "compactness_mean",
    },
  },
  counts: {
    least: 3,
    enough: 10,
    says: "A case of the table has about 15 nuclei; one in twenty has 6 or fewer.",
    advice: "Outline every clear nucleus of the field, and choose them before you see an answer.",
  },
  demos: [
    {
      key: "calm",
      label: "Calm field",
      about: "Small, round, alike: drawn by computer, not a patient.",
      image: "/measure/demo-calm.png",
      truth: "/measure/demo-calm.geojson",
      sha256: "49cc0cdf89bf0294e3ba72242a2edd6b96ad311b9189c507a0bd771e6a57762e",
    },
    {
      key: "wild",
      label: "Wild field",
      about: "Large, dented, unlike each other: drawn by computer, not a patient.",
      image: "/measure/demo-wild.png",
      truth: "/measure/demo-wild.geojson",
      sha256: "57842e2abd1fc8da76eb2a4f50f0065f0b9d6f8c813b30d9968364c7951609e9",
    },
  ],
};
