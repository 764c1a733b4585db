// Apart from the words, so that no browser is sent it. What is said of the table itself, about.test.ts works out.

import type { Property } from "./words";

/** What is known of the measurements, and what is not, for who teaches with them. */
export const about = {
  lead: "What the thirty numbers of a case are, how we know, and which definitions often printed with this dataset do not fit it.",
  sections: [
    {
      title: "From a slide to thirty numbers",
      text: [
        "A person roughly outlined the nuclei in one image of a fine-needle aspirate; a program (Xcyt, Madison, 1993) fitted each outline to the edge and measured ten properties of each nucleus.",
        "For each property the table has three numbers: the mean over the nuclei, its standard error, and the worst, which is the mean of the three largest values. A case is one image; the measurements of single nuclei were not published.",
      ],
    },
    {
      title: "What the table itself proves",
      text: [
        "Worst is the mean of the three largest, and the standard error is the standard deviation, with n − 1, divided by the square root of n. In 20 rows a single nucleus has a dent. There the standard error has to equal the mean, and it does to all digits, for both concavity and concave points; and three times worst divided by mean is a whole number, the number of nuclei: from 5 to 20.",
        "In rows 38 and 212 every worst equals its mean: these images have three nuclei.",
        "The unit is one pixel of the camera. An area is the number of pixels inside the outline plus half its length: in the 416 rows with a worst area below 1,000, three times (area − half the perimeter) is close to a whole number.",
        "Concavity and concave points are zero together, in 13 rows.",
      ],
    },
    {
      title: "Which printed definitions do not fit",
      text: [
        "“Compactness is perimeter² / area − 1.” That gives 11.7 to 15.6 here, where the column has 0.019 to 0.345. Perimeter² / (4π × area) − 1 is 0 for a circle, has the size of the column, and follows it closely (correlation 0.965 between means).",
        "“Concave points is the number of concave portions of the contour.” It is a share: of all points of the outline, those that lie in a dent.",
        "“In micrometres.” No primary source says what one pixel was on the slide. Sizes here cannot be compared with sizes from another microscope.",
      ],
    },
    {
      title: "What is not known",
      text: [
        "The exact formulas of concavity, symmetry and fractal dimension, the stain, and how colours became grey values. Texture, above all, depends on camera and stain.",
        "Besides the three sizes, smoothness, concavity, concave points and fractal dimension change with the magnification; compactness does not. So numbers from another laboratory are no input for this model, however carefully they were measured.",
      ],
    },
  ],
  properties: {
    radius: "The mean distance from the centre to the points of the outline.",
    texture: "How much grey values vary inside the nucleus: their standard deviation.",
    perimeter: "The length of the outline.",
    area: "The number of pixels inside the outline, plus half its length.",
    smoothness:
      "How far each radius differs from the mean of its two neighbours, over the length of the outline. A smooth outline has a small number.",
    compactness:
      "Perimeter² / (4π × area) − 1: 0 for a circle, and larger the longer or the more dented the outline.",
    concavity: "How deep the dents are. The exact formula is not known.",
    concave_points: "Which share of the outline's points lies in a dent.",
    symmetry:
      "How much the two sides of the longest axis differ, measured at right angles to it. The exact formula is not known; a larger number means less alike.",
    fractal_dimension:
      "How much longer the outline gets when it is measured with shorter rulers (a coastline's dimension, less 1). The rulers are not known.",
  } satisfies Record<Property, string>,
};
