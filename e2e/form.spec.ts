import type { Page } from "@playwright/test";
import { textsOf } from "../lib/predict/measurements";
import { FEATURES, GROUPS, PROPERTIES, SAMPLES } from "../tables/current";
import { countPredictions } from "../test/database";
import {
  checkAccessibility,
  expect,
  paste,
  predict,
  predictSample,
  reloadAtOnce,
  test,
  untilListening,
} from "./fixtures";

/** As the fields are read, Tab goes and Enter moves. */
const BY_ROW = PROPERTIES.flatMap(({ key }) => FEATURES.filter(({ property }) => property === key));
const EMPTY = Object.fromEntries(FEATURES.map(({ key }) => [key, ""]));

const [malignant, benign] = SAMPLES.map((sample) => textsOf(sample.values));
if (malignant === undefined || benign === undefined) throw new Error("the samples are gone");

const result = (page: Page) => page.getByRole("region", { name: "Result" });
const rowOf = (texts: Record<string, string>, separator: string) => Object.values(texts).join(separator);

/** Through the clipboard of the browser, as a person does it. */
async function expectTexts(page: Page, texts: Record<string, string>) {
  // All at once: thirty times one after the other takes half a second.
  const read = () =>
    page
      .locator("td input")
      .evaluateAll((all) =>
        Object.fromEntries((all as HTMLInputElement[]).map((one) => [one.name, one.value])),
      );
  await expect.poll(read).toEqual({ ...EMPTY, ...texts });
}

test("predicts both samples and shows the values as typed", async ({ page }) => {
  await predictSample(page, "Malignant");
  await expect(result(page)).toContainText("Malignant");
  await expect(result(page)).toContainText("> 0.999");
  const id = await predictSample(page, "Benign");
  await expect(result(page)).toContainText("Benign");
  await expect(result(page)).toContainText("< 0.001");
  await page.goto(`/history/${id}`);
  const measurements = page.getByRole("table", { name: /measurements/i });
  for (const value of Object.values(benign)) {
    await expect(measurements.getByText(value, { exact: true }).first()).toBeVisible();
  }
});

test("keeps a value typed with a decimal comma or an exponent exactly", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Benign", exact: true }).click();
  await page.getByLabel("Radius, mean").fill("8,196");
  await page.getByRole("button", { name: "Make prediction" }).click();
  await expect(page.getByRole("link", { name: /Radius, mean: This can be read two ways/ })).toBeVisible();
  await page.getByLabel("Radius, mean").fill("8,1960");
  await page.getByLabel("Fractal dimension, SE").fill("2.582e-3");
  const id = await predict(page);
  await page.goto(`/?from=${id}`);
  await expectTexts(page, benign);
});

test("is filled in and sent with the keyboard alone", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByLabel("Case code")).toBeFocused();
  await page.keyboard.type("B-201");
  // A key after the code, one after each value, and one to ask.
  for (const { key, label } of BY_ROW) {
    await page.keyboard.press("Enter");
    await expect(page.getByLabel(label, { exact: true })).toBeFocused();
    await page.keyboard.type(malignant[key]);
  }
  await page.keyboard.press("Control+Enter");
  await expect(result(page)).toContainText("Malignant");
  await expect(result(page)).toContainText("B-201");
  await expect(page.getByRole("button", { name: "Next case" })).toBeFocused();
  await page.keyboard.press("n");
  await expect(page.getByLabel("Case code")).toBeFocused();
  await expectTexts(page, EMPTY);
  await expect(page.getByRole("region", { name: "This session" })).toContainText(
    /B-201.*Malignant.*> 0\.999/,
  );
  await page.getByLabel("Symmetry, worst").focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByLabel("Fractal dimension, worst")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Make prediction" })).toBeFocused();
});

test("keeps each digit in its field, however fast one types", async ({ page }) => {
  // Row 19 of the dataset: a first digit that goes astray leaves .06664 and 0.081290, which are numbers too.
  const values = [
    13.54, 14.36, 87.46, 566.3, 0.09779, 0.08129, 0.06664, 0.04781, 0.1885, 0.05766, 0.2699, 0.7886, 2.058,
    23.56, 0.008462, 0.0146, 0.02387, 0.01315, 0.0198, 0.0023, 15.11, 19.26, 99.7, 711.2, 0.144, 0.1773,
    0.239, 0.1288, 0.2977, 0.07259,
  ];
  await page.goto("/");
  await page.getByLabel("Radius, mean").focus();
  await page.keyboard.type(BY_ROW.map(({ index }) => values[index]).join("\n"));
  await expectTexts(page, textsOf(values));
});

test("leads from a list of what is wrong to each field, and loses nothing", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  await page.getByLabel("Perimeter, SE").fill("8,589");
  await page.getByLabel("Symmetry, SE").fill("");
  await page.getByLabel("Radius, SE").fill("-1");
  await page.getByRole("button", { name: "Make prediction" }).click();
  const summary = page.getByText("3 values need your attention.");
  await expect(summary).toBeVisible();
  await expect(page.locator(":focus")).toContainText("3 values need your attention.");
  await page.getByRole("link", { name: "Symmetry, SE: Enter a number." }).click();
  await expect(page.getByLabel("Symmetry, SE")).toBeFocused();
  await expect(page.getByLabel("Symmetry, SE")).toHaveAccessibleDescription(/Enter a number\./);
  await page.keyboard.type("0.03003");
  await expect(page.getByText("2 values need your attention.")).toBeVisible();
  await expect(page.getByLabel("Perimeter, SE")).toHaveValue("8,589");
  await expect(result(page)).toContainText("One nucleus, one answer");
});

test("complains on leaving a field, but not for passing an empty one", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Radius, mean").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.type("abc");
  const field = page.getByLabel("Radius, SE");
  await expect(field).toHaveAttribute("aria-invalid", "false");
  await page.keyboard.press("Tab");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Radius, mean")).toHaveAttribute("aria-invalid", "false");
  // What is wrong stands at the foot of the grid, so that no row moves.
  await field.focus();
  await expect(field).toHaveAccessibleDescription(/Radius, SE\. This is not a number\./);
});

test("warns about odd values and still predicts", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  await page.getByLabel("Texture, worst").fill("9");
  await page.keyboard.press("Tab");
  await expect(page.getByText("Texture, worst: outside the training data (12.02 to 49.54)")).toBeVisible();
  await expect(page.getByText("Texture, worst: smaller than the mean")).toBeVisible();
  await checkAccessibility(page);
  await predict(page);
});

test("takes a pasted row, and gives back what stood there", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Radius, mean").fill("42");
  await paste(page, `842302,M,${rowOf(malignant, ",")}`);
  await expectTexts(page, malignant);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByLabel("Radius, mean")).toHaveValue("42");
  await expect(page.getByLabel("Texture, mean")).toHaveValue("");
  await paste(page, rowOf(benign, "\t").replaceAll(".", ","));
  await expect(page.getByLabel("Radius, mean")).toHaveValue("8.196");
  await expect(page.getByText("Read as a row of 30 numbers, decimal comma.")).toBeVisible();
  await paste(page, "1;2;3");
  await expect(page.getByRole("alert").filter({ hasText: "Nothing was pasted" })).toContainText(
    "a row needs 30 numbers, and this has 3",
  );
  await expectTexts(page, benign);
  await page.getByLabel("Radius, mean").fill("");
  await paste(page, "17,99");
  await expect(page.getByLabel("Radius, mean")).toHaveValue("17,99");
});

const numbers = Object.values(malignant);
const block = numbers.slice(0, 10).map((mean, i) => [mean, numbers[i + 10] ?? "", numbers[i + 20] ?? ""]);
const german = (text: string) => text.replace(".", ",").replace(/^(\d)(\d{3})$/, "$1.$2");
const PASTED: [string, string, string][] = [
  [
    "scikit-learn's file",
    `${numbers.join(",")},0`,
    "Read as a row of 30 numbers, decimal point. Left out: 0.",
  ],
  [
    "the form's own layout",
    block.map((line) => line.join("\t")).join("\r\n"),
    "10 lines of Mean; SE and Worst",
  ],
  ["a German spreadsheet", numbers.map(german).join("\t"), "decimal comma"],
  [
    "names in another order",
    JSON.stringify(Object.fromEntries(Object.entries(malignant).reverse())),
    "names and a row",
  ],
  ["a NumPy array", `array([${numbers.join(",\n       ")}])`, "a row of 30 numbers"],
];
test("reads what people copy out of files and programs, and says how", async ({ page }) => {
  await page.goto("/");
  for (const [, text, how] of PASTED) {
    await paste(page, text);
    await expect(page.getByRole("status").filter({ hasText: how })).toBeVisible();
    await expectTexts(page, malignant);
    await page.getByRole("button", { name: "Benign", exact: true }).click();
  }
});

test("asks where a paste is not surely one case, refuses what is none, and keeps the grid", async ({
  page,
}) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Benign", exact: true }).click();
  await paste(page, `842302,${numbers.slice(0, 29).join(",")},`);
  await expect(page.getByRole("alert").filter({ hasText: "Nothing was pasted" })).toContainText(
    "Fractal dimension, worst is missing.",
  );
  const question = page.getByRole("alert").filter({ hasText: "it is not in the table's order" });
  await paste(page, block.flat().join("\t"));
  await expect(question).toBeFocused();
  await checkAccessibility(page);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expectTexts(page, benign);
  await paste(page, block.flat().join("\t"));
  await question.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByRole("button", { name: "Make prediction" })).toBeFocused();
  await expectTexts(page, malignant);
});

test("takes several cases one after the other", async ({ page }) => {
  await page.goto("/");
  await paste(
    page,
    [malignant, { ...benign, area_mean: "n/a" }, benign].map((row) => rowOf(row, ",")).join("\n"),
  );
  const card = page.getByRole("status").filter({ hasText: "These are 3 cases." });
  await expect(card).toContainText("Case 2 cannot be read: Area, mean is missing (“n/a”).");
  await expectTexts(page, textsOf([]));
  await checkAccessibility(page);
  await card.getByRole("button", { name: "Fill the form with it" }).click();
  await expectTexts(page, malignant);
  await expect(card.getByLabel("Case")).toContainText("3");
  await card.getByRole("button", { name: "Fill the form with it" }).click();
  await expectTexts(page, benign);
  await expect(page.getByText("Case 3 of 3.")).toBeVisible();
  await card.getByRole("button", { name: "Close" }).click();
  await expect(card).toBeHidden();
});

test("keeps what was typed through Reload and Back, until the tab is closed", async ({ page, context }) => {
  await page.goto("/");
  // What was taken out again stays out.
  for (const label of ["Radius, mean", "Case code"])
    for (const text of ["5", ""]) await page.getByLabel(label).fill(text);
  await page.reload();
  await untilListening(page);
  await expectTexts(page, EMPTY);
  await expect(page.getByLabel("Case code")).toHaveValue("");
  await page.getByLabel("Radius, mean").fill("17.99");
  await page.getByLabel("Case code").fill("B-7");
  await reloadAtOnce(page);
  await page.getByLabel("Texture, mean").fill("ten");
  await expect(page.getByText("Your 2 values are back.")).toBeVisible();
  await expect(page.getByLabel("Texture, mean")).toHaveValue("ten");
  await expect(page.getByLabel("Case code")).toHaveValue("B-7");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  const id = await predict(page);
  await page.goto(`/history/${id}`);
  await page.goBack();
  await expect(page.getByText("Your 30 values are back.")).toBeVisible();
  await checkAccessibility(page);
  await expectTexts(page, malignant);
  // The same form, which was saved already.
  expect(await predict(page)).toBe(id);
  // Who comes anew has the next case.
  await page.goto("/");
  await expectTexts(page, EMPTY);
  await expect(page.getByRole("region", { name: "This session" })).toContainText("B-7");
  const other = await context.newPage();
  await other.goto("/");
  await expectTexts(other, EMPTY);
});

test("sends what stands in the fields, also where it was written without an event", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  await page.getByLabel("Texture, mean").evaluate((input: HTMLInputElement) => {
    input.value = "11.25";
  });
  const id = await predict(page);
  await page.goto(`/history/${id}`);
  await expect(
    page.getByRole("table", { name: /measurements/i }).getByText("11.25", { exact: true }),
  ).toBeVisible();
});

test("a quick-fill button can be undone", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Radius, mean").fill("42");
  await page.getByRole("button", { name: "Missed", exact: true }).click();
  await expect(page.getByText("Row 297 of the training data: malignant, and missed")).toBeVisible();
  await expect(page.getByRole("button", { name: "Missed", exact: true })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
  await page.getByRole("button", { name: "Clear" }).click();
  await expect(page.getByLabel("Radius, mean")).toHaveValue("");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByLabel("Radius, mean")).toHaveValue("11.76");
});

const IMPOSSIBLE: [string, (values: readonly number[]) => readonly number[]][] = [
  ["thirty zeros", (values) => values.map(() => 0)],
  [
    "ten lines of mean, SE and worst",
    (values) => values.map((_, i) => values[(i % 3) * 10 + Math.floor(i / 3)] ?? 0),
  ],
  ["a row that is shifted by one", (values) => [...values.slice(1), 0]],
];
for (const [what, reorder] of IMPOSSIBLE) {
  test(`gives no diagnosis for ${what}, and saves nothing${what === "thirty zeros" ? "" : " @long"}`, async ({
    page,
    server,
  }) => {
    const saved = await countPredictions(server.databaseUrl);
    await page.goto("/");
    const values = reorder(SAMPLES[0]?.values ?? []);
    for (const { label, index } of FEATURES) {
      await page.getByLabel(label, { exact: true }).fill(String(values[index]));
    }
    await page.getByRole("button", { name: "Make prediction" }).click();
    await expect(result(page).getByRole("alert")).toContainText(
      "No answer: these values do not fit one case.",
    );
    await expect(result(page)).not.toContainText(/malignant|benign/i);
    await expect(page.getByText(/outside the training data \(/).first()).toBeVisible();
    await expect(page.getByLabel("Area, mean", { exact: true })).toHaveValue(String(values[3]));
    expect(await countPredictions(server.databaseUrl)).toBe(saved);
  });
}

test("greys a result out when a value is edited, and back in when it is restored", async ({ page }) => {
  await predictSample(page);
  await page.getByLabel("Radius, mean").fill("18");
  await expect(result(page)).toContainText("Values changed since this answer.");
  await checkAccessibility(page);
  await page.getByLabel("Radius, mean").fill("17.99");
  await expect(result(page)).not.toContainText("Values changed since this answer.");
});

test("saves one row for a double click and for the same form sent again", async ({ page, server }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Borderline", exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).dblclick();
  const first = (await page.getByRole("link", { name: "Open this prediction" }).getAttribute("href"))
    ?.split("/")
    .at(-1);
  // Two tabs of one form, as after "duplicate tab": the very same request twice at once.
  const request = page.waitForRequest((each) => each.method() === "POST");
  await page.getByLabel("Radius, mean").press("Control+Enter");
  const sent = await request;
  const headers = {
    "next-action": sent.headers()["next-action"] ?? "",
    "content-type": sent.headers()["content-type"] ?? "",
    origin: server.url,
  };
  const answers = await Promise.all(
    [1, 2, 3].map(() => page.request.post(server.url, { headers, data: sent.postDataBuffer() ?? undefined })),
  );
  for (const answer of answers) expect(await answer.text()).toContain(first ?? "no link");
});

test("the page with a result is free of accessibility violations on a phone too", async ({ page }) => {
  await predictSample(page, "Borderline");
  await page.setViewportSize({ width: 360, height: 740 });
  await checkAccessibility(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("covers no field and never scrolls sideways, however wide the window", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  // Warning marks take room too, most of it where the range is the longest.
  for (const label of ["Texture, worst", ...GROUPS.map((group) => `Fractal dimension, ${group.label}`)]) {
    await page.getByLabel(label).fill("99");
    await page.keyboard.press("Tab");
  }
  await predict(page);
  for (const width of [
    320, 360, 600, 640, 768, 898, 944, 960, 1024, 1152, 1264, 1280, 1366, 1440, 1920, 2560,
  ]) {
    await page.setViewportSize({ width, height: 800 });
    const seen = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      covered: [...document.querySelectorAll<HTMLInputElement>("td input")]
        .filter((input) => {
          input.scrollIntoView({ block: "center" });
          const { x, y, width, height } = input.getBoundingClientRect();
          return document.elementFromPoint(x + width / 2, y + height / 2) !== input;
        })
        .map(({ name }) => name),
      columns: [...document.querySelectorAll("td")].filter(
        (cell) => cell.scrollWidth > cell.clientWidth || cell.getBoundingClientRect().right > innerWidth,
      ).length,
    }));
    expect(seen, `${width} pixels`).toEqual({ width, covered: [], columns: 0 });
  }
});

test("shows the whole form on a laptop's screen without scrolling", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Make prediction" })).toBeInViewport({ ratio: 1 });
  await expect(page.getByLabel("Radius, mean")).toBeInViewport({ ratio: 1 });
});

test("keeps the chosen theme", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/");
  await page.getByLabel("Radius, mean").fill("42");
  const canvas = () => page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
  const dark = await canvas();
  const kept = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Theme: system. Switch to light." }).click();
  await expect(page.getByRole("button", { name: "Theme: light. Switch to dark." })).toBeFocused();
  await expect.poll(canvas).not.toBe(dark);
  await kept;
  await expect(page.getByLabel("Radius, mean")).toHaveValue("42");
  for (const path of ["/", "/?sample=malignant", "/history"]) {
    await page.goto(path, { waitUntil: "commit" });
    await expect(page.getByRole("button", { name: "Theme: light. Switch to dark." })).toBeVisible();
    expect(await canvas(), path).not.toBe(dark);
  }
});

test("starts empty, and says so, where the values to start from are not there", async ({ page }) => {
  for (const start of ["from=nothing", "sample=nothing", "from=a&from=b"]) {
    await page.goto(`/?${start}`);
    await expect(page.getByText("so the form is empty")).toBeVisible();
    await expect(page.getByLabel("Radius, mean")).toHaveValue("");
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("fills, predicts, and shows what is wrong", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("button", { name: "Malignant", exact: true }).click();
    await expectTexts(page, malignant);
    await page.getByLabel("Radius, mean").fill("abc");
    await page.getByRole("button", { name: "Make prediction" }).click();
    await expect(page.getByRole("link", { name: /Radius, mean: This is not a number/ })).toBeVisible();
    await expect(page.getByLabel("Radius, mean")).toHaveValue("abc");
    await expect(page.getByLabel("Texture, mean")).toHaveValue("10.38");
    await page.getByLabel("Radius, mean").fill("17.99");
    await page.getByRole("button", { name: "Make prediction" }).click();
    await expect(result(page)).toContainText("Malignant");
    await page.getByLabel("Radius, mean").fill("abc");
    await page.getByRole("button", { name: "Predict again" }).click();
    await expect(page.getByRole("link", { name: /Radius, mean: This is not a number/ })).toBeVisible();
    await page.getByLabel("Radius, mean").fill("17.98");
    await page.getByRole("button", { name: "Make prediction" }).click();
    await expect(page.getByRole("link", { name: "Open this prediction" })).toBeVisible();
    await page.getByRole("link", { name: "Next case" }).click();
    await expectTexts(page, textsOf([]));
  });

  for (const start of ["", "?sample=malignant"]) {
    test(`saves one row for a double click at /${start}, and another for the form opened again${start === "" ? "" : " @long"}`, async ({
      page,
      server,
    }) => {
      const saved = await countPredictions(server.databaseUrl);
      for (const times of [1, 2]) {
        await page.goto(`/${start}`);
        for (const { key, label } of FEATURES)
          await page.getByLabel(label, { exact: true }).fill(benign[key]);
        await page.getByRole("button", { name: "Make prediction" }).dblclick();
        await expect(result(page)).toContainText("Benign");
        expect(await countPredictions(server.databaseUrl)).toBe(saved + times);
      }
    });
  }

  test("keeps the chosen theme", async ({ page }) => {
    await page.emulateMedia({ colorScheme: "dark" });
    const canvas = () => page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    await page.goto("/");
    const dark = await canvas();
    await page.getByRole("button", { name: "Theme: system. Switch to light." }).click();
    await expect(page.getByRole("button", { name: "Theme: light. Switch to dark." })).toBeVisible();
    for (const path of ["/", "/?sample=malignant", "/history"]) {
      await page.goto(path);
      await expect(page.getByRole("button", { name: /^Theme/ })).toHaveCount(1);
      expect(await canvas(), path).not.toBe(dark);
    }
  });
});
