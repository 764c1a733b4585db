import { readFileSync } from "node:fs";
import { checkAccessibility, expect, untilListening } from "./fixtures";
import { findLayoutFaults } from "./layout";
import { ADA, firstLink, test } from "./sign-in-server";

/** The audit as an administrator finds, narrows and takes it. */

test("an administrator finds who did what, narrows it by address, and exports it", async ({
  page,
  browser,
  signInServer,
}) => {
  await expect.poll(() => firstLink(signInServer)).not.toBe("");
  await page.goto(firstLink(signInServer));
  await page.getByLabel("Name").fill(ADA.name);
  await page.getByLabel("E-mail address").fill(ADA.email);
  await page.getByLabel("Password", { exact: true }).fill(ADA.password);
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await untilListening(page);
  await page.getByRole("button", { name: "Malignant", exact: true }).click();
  await page.getByRole("button", { name: "Make prediction" }).click();
  await page.getByRole("link", { name: "Open this prediction" }).click();
  await expect(page.getByRole("heading", { name: "What if" })).toBeVisible();
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  await page.getByText("Account: Ada Lovelace").locator("xpath=ancestor::summary").click();
  await page.getByRole("link", { name: "Audit" }).click();
  const rows = page.getByRole("table").locator("tbody tr");
  await expect(rows.filter({ hasText: "Prediction saved" })).toContainText("Ada Lovelace");
  await checkAccessibility(page);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await findLayoutFaults(page)).toEqual([]);

  await page
    .getByRole("link", { name: `All that was done to prediction ${id}` })
    .first()
    .click();
  await expect(rows).toHaveText([/Prediction viewed/, /Prediction saved/]);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as CSV" }).click();
  const lines = readFileSync(await (await download).path(), "utf8").split("\r\n");
  expect(lines[0]).toMatch(/^place,at,actor_kind,actor_id,act,/);
  expect(lines.filter((line) => line.includes(`prediction,${id}`))).toHaveLength(2);

  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
    baseURL: signInServer.publicUrl,
  });
  const second = await plain.newPage();
  await second.goto("/audit");
  await second.getByRole("combobox", { name: "Act", exact: true }).selectOption("Audit exported");
  await second.getByRole("button", { name: "Show", exact: true }).click();
  await expect(second).toHaveURL(/\?act=audit_exported/);
  await expect(second.getByRole("table").locator("tbody tr")).toHaveCount(1);
  await second.goto("/audit?act=key_made");
  await expect(second.getByRole("heading", { name: "No entry matches" })).toBeVisible();
  await plain.close();
});
