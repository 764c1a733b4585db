import type { Locator } from "@playwright/test";
import { FEATURES, SAMPLES } from "../tables/current";
import evaluation from "../tables/wdbc/evaluation.json" with { type: "json" };
import { checkAccessibility, expect, holdPosts, predict, predictSample, saveSample, test } from "./fixtures";

test("says that a borderline case is uncertain, why, how firm that is and what it resembles", async ({
  page,
}) => {
  const id = await predictSample(page, "Borderline");
  await expect(page.getByRole("region", { name: "Result" })).toContainText("Uncertain");
  await page.goto("/history");
  await expect(page.getByRole("row").filter({ hasText: "Uncertain" }).first()).toBeVisible();

  await page.goto(`/history/${id}`);
  const main = page.getByRole("main");
  await expect(
    main.getByRole("img", { name: /^Probability 0\.475 of malignant.* Uncertain from 0\.062 to 0\.833\./ }),
  ).toBeVisible();
  await expect(main).toContainText("By the cut-off alonebenign");
  await expect(main).toContainText(
    /With every value off by up to 5 %, \d+ of 200 copies of this case \(\d+\.\d %\) get the other/,
  );
  await expect(main).toContainText("The smallest change found that makes the diagnosis malignant");
  const nearest = page.getByRole("region", { name: "The five training cases most like it" });
  await expect(nearest.getByRole("listitem").first()).toHaveText(/row 413\s*benign\s*this very case/);
  await expect(nearest.getByRole("listitem")).toHaveCount(5);
  await expect(nearest.getByRole("link").first()).toHaveAttribute("href", "/model/cases/413");
  const counts = page.getByRole("region", { name: "What it looks like, and what counts" });
  await expect(counts.getByRole("listitem").filter({ hasText: "Texture, worst 31.55" })).toContainText(
    "Higher than 90 in 100 benign and 68 in 100 malignant training cases.",
  );
  await page.setViewportSize({ width: 320, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test("says that a case is a row of the training data, in the panel, on its page and as text", async ({
  page,
}) => {
  const said = /Row 297, malignant in truth\./;
  const unseen = evaluation.heldOut[297] ?? Number.NaN;
  const answered = unseen < 0.001 ? "less than 0.001" : unseen.toFixed(3);
  const id = await predictSample(page, "Missed");
  await expect(page.getByRole("region", { name: "Result" })).toContainText(said);
  await page.goto(`/history/${id}`);
  await expect(page.getByRole("main")).toContainText(said);
  await expect(page.getByRole("main")).toContainText(
    `Models that had not seen it gave it ${answered} on average`,
  );
  expect(await (await page.request.get(`/history/${id}/text`)).text()).toMatch(said);

  await page.goto("/");
  await page.getByRole("button", { name: "Missed", exact: true }).click();
  await page.getByRole("textbox", { name: "Texture, mean" }).fill("10.5");
  await page.goto(`/history/${await predict(page)}`);
  await expect(page.getByRole("main")).not.toContainText("of the training data, malignant in truth");
});

test("gives reasons by family, and their measurements on demand, without JavaScript too", async ({
  page,
  browser,
  server,
}) => {
  const id = await predictSample(page);
  const result = page.getByRole("region", { name: "Result" });
  await expect(result).toContainText(/Size\+\d/);
  await result.getByRole("radio", { name: "Reasons" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(result.getByText("By the cut-off alone")).toBeVisible();
  await checkAccessibility(page);

  const plain = await browser.newPage({ javaScriptEnabled: false, baseURL: server.url });
  await plain.goto(`/history/${id}`);
  await expect(plain.getByRole("row", { name: /^Variation in size/ })).toBeVisible();
  await plain.getByText("All 30 contributions").click();
  await expect(plain.getByRole("row", { name: /^Texture, worst [+−]/ })).toBeVisible();
  // The same picture of another measurement.
  await plain.getByRole("combobox", { name: "Measurement" }).selectOption("Area, SE");
  await plain.getByLabel("Value", { exact: true }).fill("60");
  await plain.getByRole("button", { name: "Show" }).click();
  await expect(plain.getByRole("img", { name: /along Area, SE: .* at 60\./ })).toBeVisible();
  await plain.setViewportSize({ width: 320, height: 740 });
  expect(await plain.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await plain.close();
});

test("says how cases with such an answer turned out when unseen, in the panel and on its page", async ({
  page,
}) => {
  const record =
    /Of the \d+ cases that got less than 0\.01 when unseen, this one among them, \w+ (was|were) malignant/;
  const id = await predictSample(page, "Benign");
  await expect(page.getByRole("region", { name: "Result" })).toContainText(record);
  await page.goto(`/history/${id}`);
  await expect(page.getByRole("main")).toContainText(record);
});

test("cautions where a case is unlike the training cases, and names what stands out", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Benign", exact: true }).click();
  await page.getByRole("textbox", { name: "Radius, mean" }).fill("60");
  await page.getByRole("textbox", { name: "Texture, SE" }).fill("9");
  const id = await predict(page);
  const caution = "Radius, mean (above every training case)";
  await expect(page.getByRole("region", { name: "Result" })).toContainText(caution);
  await page.goto(`/history/${id}`);
  await expect(page.getByRole("main")).toContainText("Unlike the cases the model learnt from");
  await expect(page.getByRole("main")).toContainText(caution);
  await checkAccessibility(page);
  const pdf = await page.pdf({ format: "A4" });
  expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
});

test("says that sizes look multiplied, and tries the values divided only when asked @long", async ({
  page,
}) => {
  await page.goto("/");
  const { values } = SAMPLES.find(({ key }) => key === "benign") ?? SAMPLES[0];
  const power = (key: string) => (key.startsWith("area") ? 2 : /^(radius|perimeter)/.test(key) ? 1 : 0);
  const doubled = FEATURES.map(({ key, index }) => (values[index] as number) * 2 ** power(key));
  for (const { label, index } of FEATURES)
    await page.getByRole("textbox", { name: label, exact: true }).fill(String(doubled[index]));
  const id = await predict(page);
  const result = page.getByRole("region", { name: "Result" });
  await expect(result).toContainText("Uncertain");
  await expect(result).toContainText(/Sizes look about 1\.\d times too large for these shapes/);
  await checkAccessibility(page);

  await result.getByRole("button", { name: /^Try with sizes divided by/ }).click();
  await expect(result).toContainText(/With sizes divided by .*, not saved:/);
  await expect(result.getByRole("region", { name: "Answer" }).nth(1)).toContainText("Benign");
  const radius = page.getByRole("textbox", { name: "Radius, mean", exact: true });
  await expect(radius).toHaveValue(String(doubled[0]));
  await result.getByRole("button", { name: "Put these values into the form" }).click();
  await expect(radius).not.toHaveValue(String(doubled[0]));
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(radius).toHaveValue(String(doubled[0]));

  await page.goto("/history?caution=scale_size");
  const row = page.getByRole("row").filter({ has: page.locator(`a[href^="/history/${id}"]`) });
  await expect(row.getByRole("img", { name: /caution: sizes look too large or too small/ })).toBeVisible();
  await page.goto("/history?caution=none");
  await expect(row).toHaveCount(0);
  await page.goto(`/history/${id}`);
  await page.getByRole("button", { name: /^Try with sizes divided by/ }).click();
  await expect(page.getByRole("main")).toContainText(/With sizes divided by .*, not saved:/);
});

test("tries other values beside the saved case, and never overwrites it", async ({ page, server }) => {
  const id = await saveSample(server, "Borderline");
  await page.goto(`/history/${id}`);
  const whatIf = page.getByRole("region", { name: "What if" });
  const answer = whatIf.getByText("With these values:").locator("..");
  await expect(answer).toContainText("Uncertain");
  await whatIf.getByLabel("Measurement").selectOption("Texture, worst");
  const handle = whatIf.getByRole("slider", { name: /Texture, worst/ });
  await expect(handle).toHaveAttribute("aria-valuetext", "31.55, probability 0.475, uncertain");
  await handle.focus();
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Escape");
  await expect(whatIf.getByRole("textbox", { name: "Value" })).toHaveValue("31.55");
  // Along the curve all is answered already.
  const posts: string[] = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
  const box = await handle.boundingBox();
  if (box === null) throw new Error("the handle has no place");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y, { steps: 4 });
  await page.mouse.up();
  await expect(handle).not.toHaveAttribute("aria-valuetext", /^31\.55/);
  await handle.focus();
  await page.keyboard.press("End");
  await expect(answer).toContainText("Malignant");
  expect(posts).toEqual([]);
  await expect(whatIf.getByRole("textbox", { name: "Value" })).toHaveValue("49.54");
  await expect(answer).toContainText("saved: 0.475");

  // The second measurement's curve starts from the first one's new value.
  await whatIf.getByLabel("Measurement").selectOption("Area, worst");
  await whatIf.getByRole("textbox", { name: "Value" }).fill("9,999");
  await expect(whatIf).toContainText("This can be read two ways.");
  await whatIf.getByRole("textbox", { name: "Value" }).fill("185.2");
  await expect(whatIf.getByRole("button", { name: "Reset Area, worst" })).toBeVisible();
  await whatIf.getByRole("button", { name: "Reset all" }).click();
  await expect(answer).toContainText("Uncertain");
  await expect(whatIf.getByRole("button", { name: /^Reset/ })).toHaveCount(0);

  const text = await (await page.request.get(`/history/${id}/text`)).text();
  expect(text).toContain("Answer: uncertain");
  expect(text).toContain("Texture, worst: 31.55");
});

test("draws the case where the model put it, however steep the curve @long", async ({ page, server }) => {
  const id = await saveSample(server, "Missed");
  await page.goto(`/history/${id}`);
  const whatIf = page.getByRole("region", { name: "What if" });
  const answer = whatIf.getByText("With these values:").locator("..");
  await whatIf.getByLabel("Measurement").selectOption("Area, SE");
  const curve = whatIf.getByRole("img", { name: /along Area, SE: .*; 0\.128 at 49\.11\./ });
  await expect(curve.getByText("0.128", { exact: true })).toBeVisible();
  await expect(answer).toContainText(/Uncertain\s*0\.128\s*saved: 0\.128/);

  await whatIf.getByRole("textbox", { name: "Value" }).fill("60");
  await expect(whatIf.getByRole("img", { name: /at 60\./ })).toBeVisible();
  const tried = (await answer.textContent())?.match(/0\.\d+/)?.[0] ?? "";
  await expect(
    whatIf.getByRole("img", { name: `; ${tried} at 60.` }).getByText(tried, { exact: true }),
  ).toBeVisible();

  await whatIf.getByRole("textbox", { name: "Value" }).fill("5000");
  await expect(whatIf.getByRole("textbox", { name: "Value" })).toHaveAccessibleDescription(
    /5000 is outside the training cases: nothing supports the curve/,
  );
  // The curve goes on to it, and says that nothing supports it there.
  await expect(whatIf.getByRole("img", { name: / at 5000; .+ at 5000\./ })).toBeVisible();
  await whatIf.getByRole("button", { name: "Reset Area, SE" }).click();

  // Another measurement's change moves the curve and leaves what was saved where it was.
  const saved = whatIf.getByRole("img", { name: /0\.128 at 49\.11\./ });
  const ringOf = async (curve: Locator) =>
    await curve.locator("circle").evaluate((mark) => mark.getAttribute("cy"));
  await whatIf.getByRole("textbox", { name: "Value" }).fill("60");
  const before = await ringOf(whatIf.getByRole("img", { name: /at 60\./ }));
  await whatIf.getByRole("button", { name: "Reset Area, SE" }).click();
  await expect(saved).toBeVisible();
  await expect(whatIf).not.toContainText("the thin curve with the ring is the saved case's.");
  await whatIf.getByLabel("Measurement").selectOption("Texture, worst");
  await whatIf.getByRole("textbox", { name: "Value" }).fill("49.54");
  await whatIf.getByLabel("Measurement").selectOption("Area, SE");
  await expect(whatIf).toContainText("the thin curve with the ring is the saved case's.");
  const changed = whatIf.getByRole("img", { name: /along Area, SE: .* at 49\.11\./ });
  expect(await ringOf(changed)).toBe(before);
  await checkAccessibility(page);
});

test("stays readable while a what-if question is asked", async ({ page, server }) => {
  const id = await saveSample(server, "Borderline");
  await page.goto(`/history/${id}`);
  const whatIf = page.getByRole("region", { name: "What if" });
  const answer = whatIf.getByText("With these values:").locator("..");
  await expect(answer).toContainText("Uncertain");
  const release = await holdPosts(page);
  await whatIf.getByLabel("Measurement").selectOption("Texture, worst");
  await whatIf.getByLabel("Measurement").selectOption("Area, worst");
  await whatIf.getByRole("textbox", { name: "Value" }).fill("4000");
  await checkAccessibility(page);
  await expect(answer).toContainText("With these values:asking the model…");
  release();
  await expect(answer).toContainText(/Uncertain\s*0\.995/);
});

test.describe("a what-if question without an answer", () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test("says so, and asks again", async ({ page, server }) => {
    const id = await saveSample(server);
    await page.goto(`/history/${id}`);
    const whatIf = page.getByRole("region", { name: "What if" });
    await expect(whatIf.getByText("With these values:").locator("..")).toContainText("Malignant");
    await page.route("**/history/**", (route) => route.abort());
    await whatIf.getByLabel("Measurement").selectOption("Symmetry, SE");
    await expect(whatIf).toContainText("The server did not answer.");
    await page.unroute("**/history/**");
    await whatIf.getByRole("button", { name: "Try again" }).click();
    await expect(
      whatIf.getByRole("img", { name: /Probability of malignant along Symmetry, SE/ }),
    ).toBeVisible();
  });
});

test("gives the text version of a prediction, and says where there is none", async ({ request, server }) => {
  const id = await saveSample(server, "Missed");
  const answer = await request.get(`/history/${id}/text`);
  expect(answer.headers()["content-type"]).toBe("text/plain; charset=utf-8");
  expect(await answer.text()).toContain(`Id: ${id}`);
  expect((await request.get("/history/0190c8a0-0000-7000-8000-00000000dead/text")).status()).toBe(404);
});
