import { checkAccessibility, expect, saveSample, test } from "./fixtures";

test("hides an answer until a guess is made, by keyboard, and keeps the tally @long", async ({
  page,
  server,
}) => {
  await page.goto("/classes");
  await expect(page.getByText("You have not guessed yet.")).toBeVisible();
  const twins = page.getByRole("region", { name: "Twins" });
  await expect(twins.getByRole("link", { name: /malignant/ })).toHaveAttribute("href", "/model/cases/215");
  await expect(twins.getByRole("link", { name: /benign/ })).toHaveAttribute("href", "/model/cases/81");
  await expect(twins.getByRole("row")).toHaveCount(7);
  await page.getByRole("checkbox", { name: "Guess first" }).press("Space");

  await page.goto("/");
  // Nothing on the page says yet what it is.
  await page.getByRole("button", { name: "Row 0" }).click();
  await expect(page.getByText("Row 0 of the training data.", { exact: true })).toBeVisible();
  await expect(page.getByText("clear malignant case")).toHaveCount(0);
  await page.getByRole("button", { name: "Make prediction" }).click();
  const guess = page.getByRole("region", { name: "Your guess" });
  await expect(guess).toContainText("The answer is hidden until you have guessed.");
  await expect(page.getByRole("region", { name: "Answer" })).toBeHidden();
  await checkAccessibility(page);
  await guess.getByRole("button", { name: "Benign" }).press("Enter");
  await expect(guess).toBeFocused();
  await expect(guess).toContainText("You said benignThe model says malignantIn truth malignant");
  await expect(page.getByRole("region", { name: "Answer" })).toContainText("Malignant");
  await checkAccessibility(page);

  // The same case has been guessed; another one is hidden on its page too.
  await page.getByRole("link", { name: "Open this prediction" }).click();
  await expect(page.getByRole("region", { name: "Answer" })).toBeVisible();
  await page.goto(`/history/${await saveSample(server, "Benign")}`);
  await expect(page.getByRole("region", { name: "What it looks like" }).last()).toBeVisible();
  await expect(page.getByRole("region", { name: "Answer" })).toBeHidden();
  await checkAccessibility(page);
  await guess.getByText("Show the answer without a guess").click();
  await expect(page.getByRole("region", { name: "Answer" })).toContainText("Benign");

  await page.goto("/classes");
  await expect(page.getByRole("row", { name: "You 0 1 0" })).toBeVisible();
  await expect(page.getByRole("row", { name: "The model 1 0 0" })).toBeVisible();
  await page.getByRole("button", { name: "Begin again" }).click();
  await expect(page.getByText("You have not guessed yet.")).toBeVisible();
});

test("says of the measurements what they are, on a phone too", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ["/measurements", "/classes"]) {
    await page.goto(path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await checkAccessibility(page);
  }
  await page.getByRole("link", { name: "About the measurements" }).click();
  await expect(page.getByRole("region", { name: "Which printed definitions do not fit" })).toContainText(
    "0.019 to 0.345",
  );
});
