// Apart from the words, so that no browser is sent it.

import type { Card, Site } from "../table";

export const site = {
  description: "Predict malignant or benign from the 30 nuclear measurements of a fine-needle aspirate.",
  lead: "from the 30 nuclear measurements of a breast fine-needle aspirate",
  data: "Breast Cancer Wisconsin (Diagnostic), CC BY 4.0,",
  welcome: {
    title: "One nucleus, one answer",
    text: [
      "Cytodesk reads 30 measurements of the cell nuclei in a breast fine-needle aspirate and answers malignant, benign or uncertain, with a probability and the reasons for it.",
      "It learnt from 569 cases of one hospital. It does not know your scanner, your stain or your patients.",
    ],
    measured: (found: number, positives: number, alarms: number, negatives: number) =>
      `On cases it had not seen it found ${found} of ${positives} cancers and raised ${alarms} false alarms among ${negatives} benign cases.`,
    about: "How it was measured",
  },
  order: "ten means, ten standard errors, ten worsts",
} satisfies Site;

export const card = {
  use: "For teaching, for research, and as a template for serving a tabular model.",
  not: {
    strong: "Not a medical device",
    rest: ": not for diagnosing or treating a patient, not for measurements taken by other means than the data's, not for lesions that a cytologist already finds hard to tell.",
  },
  caution: {
    title: "Truly indeterminate aspirates are harder.",
    text: "The cases behind these figures were mostly clear ones. On 56 aspirates that cytology itself called indeterminate, the same kind of measurement gave 75 % right answers (Teague et al., Cancer 81, 1997). Expect that, not the figures on this page, for the cases that matter most.",
  },
  data: {
    source: (cases: number, malignant: number) =>
      `Breast Cancer Wisconsin (Diagnostic): ${cases} fine-needle aspirates, ${malignant} malignant and ${cases - malignant} benign, from one hospital; Wolberg, Street and Mangasarian, 1995, UCI Machine Learning Repository,`,
    link: { href: "https://doi.org/10.24432/C5DW2B", text: "DOI 10.24432/C5DW2B" },
    rest: ", CC BY 4.0. Each case has ten nuclear properties as mean, standard error and worst (mean of the three largest), in image units; no primary source gives them in micrometres.",
  },
  groups:
    "Nothing is known here about age, ethnicity, scanner or stain, so nothing can be said about groups. New laboratories differ; watch the outcomes.",
  drift: "other patients cause it as much as another microscope does",
  missed: "Malignant rows 40, 73, 135 and 297 were missed by every model tried.",
  singleSplit:
    "The application that this one re-creates reported 96.2 % on one shuffled 80/10/10 split, where always saying benign gives 66.0 %.",
} satisfies Card;
