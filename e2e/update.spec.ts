import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { AppServer } from "../test/app-server";
import { countPredictions } from "../test/database";
import { buildAgain } from "../test/second-build";
import { createThrowawayDatabase } from "../test/throwaway";
import { test as base, checkAccessibility, expect, predict, saveSample } from "./fixtures";

/** The folder of another build of the same sources, whose server actions have other ids. */
const test = base.extend<object, { update: string }>({
  update: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
    async ({}, use) => {
      const { folder, remove } = buildAgain();
      await use(folder);
      remove();
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

const UPDATED = "The application was updated while this page was open.";
const REFUSED = "The server refused what this page sent.";
const GONE = "The server did not answer.";

/** What a page says of what it sent, where that is not taken: its title, and to load the page again. */
async function expectRefusal(page: Page, title: string, kept?: string) {
  const alert = page.getByRole("alert").filter({ hasText: title });
  await expect(alert).toContainText(
    `Reload the page${kept === undefined ? "." : `: your ${kept} are kept.`}`,
  );
  await expect(page.getByText("again")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Reload" })).toHaveCount(1);
}

const reload = (page: Page) => page.getByRole("button", { name: "Reload" }).click();

/** The pages with a form, opened at `url` and filled in. */
async function openForms(first: Page, url: string, id: string) {
  const open = async (path: string) => {
    const page = await first.context().newPage();
    await page.goto(`${url}${path}`);
    await page.waitForLoadState("networkidle");
    return page;
  };
  await first.goto(`${url}/`);
  await first.getByRole("button", { name: "Malignant", exact: true }).click();
  await first.getByLabel("Radius, mean").fill("17.5");
  const record = await open(`/history/${id}`);
  await record.getByRole("textbox", { name: "Note" }).fill("Focus is poor\nin two fields.");
  await record.getByRole("textbox", { name: "Case code" }).fill("A-17");
  await record.getByRole("radio", { name: "Benign" }).check();
  await record.getByLabel("Confirmed on").fill("2026-03-02");
  await expect(whatIfOf(record)).toContainText(/With these values:\s*Malignant/);
  const path = await open("/path");
  await path.getByLabel("Days after which predictions are deleted").fill("1234");
  return {
    record,
    path,
    history: await open("/history"),
    deletion: await open(`/history/delete?ids=${id}`),
  };
}

const whatIfOf = (page: Page) => page.getByRole("region", { name: "What if" });

test.describe("a form that was opened before an update", () => {
  // A 409 is an error to the browser.
  test.use({ expectedErrors: [/Failed to load resource/] });

  test("says so, and still has what was typed after Reload @long", async ({ page, update }) => {
    test.slow();
    const database = createThrowawayDatabase();
    const server = await AppServer.start(database.url);
    const id = await saveSample(server);
    const { record, path, history, deletion } = await openForms(page, server.url, id);
    await server.stop();
    await server.start(update);

    await page.getByRole("button", { name: "Make prediction" }).click();
    await expectRefusal(page, UPDATED, "values");
    await checkAccessibility(page);
    await reload(page);
    await expect(page.getByLabel("Radius, mean")).toHaveValue("17.5");
    expect(await countPredictions(database.url)).toBe(1);
    await predict(page);
    expect(await countPredictions(database.url)).toBe(2);

    await whatIfOf(record).getByLabel("Measurement").selectOption("Symmetry, SE");
    await expectRefusal(record, UPDATED, "values");
    const notes = record.getByRole("region", { name: "Case", exact: true });
    await notes.getByRole("button", { name: "Save notes" }).click();
    await expect(notes.getByRole("alert")).toContainText(UPDATED);
    await record.getByRole("button", { name: "Record outcome" }).click();
    await expect(record.getByRole("alert").filter({ hasText: "your entries are kept" })).toBeVisible();
    await checkAccessibility(record);
    await notes.getByRole("button", { name: "Reload" }).click();
    await expect(record.getByText("Not saved yet")).toHaveCount(2);
    await expect(record.getByRole("textbox", { name: "Note" })).toHaveValue("Focus is poor\nin two fields.");
    await expect(record.getByRole("textbox", { name: "Case code" })).toHaveValue("A-17");
    await expect(record.getByRole("radio", { name: "Benign" })).toBeChecked();
    await expect(record.getByLabel("Confirmed on")).toHaveValue("2026-03-02");
    await expect(whatIfOf(record).getByLabel("Measurement")).toHaveValue("symmetry_se");
    await checkAccessibility(record);
    await notes.getByRole("button", { name: "Save notes" }).click();
    await expect(notes.getByText("Saved.")).toBeVisible();
    await record.getByRole("button", { name: "Record outcome" }).click();
    await expect(record.getByText("Recorded.")).toBeVisible();
    await expect(record.getByText("Not saved yet")).toHaveCount(0);
    await record.reload();
    await expect(record.getByRole("radio", { name: "Benign" })).toBeChecked();
    await expect(record.getByText("Not saved yet")).toHaveCount(0);

    await path.getByRole("button", { name: "Send a test" }).click();
    await expectRefusal(path, UPDATED);
    await path.getByRole("button", { name: "Save", exact: true }).click();
    await expect(path.getByRole("alert").filter({ hasText: "your entries are kept" })).toBeVisible();
    await path.getByRole("button", { name: "Reload" }).last().click();
    await expect(path.getByLabel("Days after which predictions are deleted")).toHaveValue("1234");
    await expect(path.getByText("Not saved yet")).toBeVisible();
    await path.getByRole("button", { name: "Drop it" }).click();
    await expect(path.getByLabel("Days after which predictions are deleted")).toHaveValue("");

    await history.getByText("+ Save view").click();
    await history.getByLabel("Name of the view").fill("all");
    await history.getByRole("button", { name: "Save view", exact: true }).click();
    await expectRefusal(history, UPDATED);
    await expect(history.getByLabel("Name of the view")).toHaveValue("all");
    await reload(history);
    await history.getByRole("button", { name: /^Theme: system/ }).click();
    await history.getByText("+ Save view").click();
    await history.getByLabel("Name of the view").fill("all");
    await history.getByRole("button", { name: "Save view", exact: true }).click();
    await expect(history.getByText("The view is saved.")).toBeVisible();

    await deletion.getByRole("button", { name: /^Theme: system/ }).click();
    await expectRefusal(deletion, UPDATED);
    await deletion.getByRole("button", { name: "Delete 1 prediction" }).click();
    await expect(deletion.getByRole("main").getByRole("alert")).toContainText(UPDATED);
    await deletion.getByRole("main").getByRole("button", { name: "Reload" }).click();
    await deletion.getByRole("button", { name: "Delete 1 prediction" }).click();
    await expect(deletion.getByText("Deleted.")).toBeVisible();
    await server.stop();
    database.remove();
  });
});

/** A proxy that passes on the name that it was asked by, or, as nginx does by default, that of the server behind it. */
class HostProxy {
  passesHost = true;
  readonly #server: Server;
  constructor(upstream: string) {
    this.#server = createServer((incoming, outgoing) => {
      const headers = { ...incoming.headers, ...(!this.passesHost && { host: new URL(upstream).host }) };
      const passed = request(`${upstream}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on("error", () => outgoing.destroy());
      incoming.pipe(passed);
    });
  }
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }
  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

test.describe("a form behind a proxy that does not pass on its host", () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test("says what the proxy has to do, and still has what was typed @long", async ({ page, server }) => {
    const proxy = new HostProxy(server.url);
    const url = await proxy.listen();
    const id = await saveSample(server);
    const { record, path, deletion } = await openForms(page, url, id);
    proxy.passesHost = false;

    await page.getByRole("button", { name: "Make prediction" }).click();
    await expectRefusal(page, REFUSED, "values");
    await expect(page.getByRole("alert").filter({ hasText: REFUSED })).toContainText(
      `it comes from a page at ${url}, and was sent to ${new URL(server.url).host}.`,
    );
    await record.getByRole("button", { name: "Save notes" }).click();
    await expectRefusal(record, REFUSED, "notes");
    await path.getByRole("button", { name: "Send a test" }).click();
    await expectRefusal(path, REFUSED);
    await deletion.getByRole("button", { name: "Delete 1 prediction" }).click();
    await expectRefusal(deletion, REFUSED);

    proxy.passesHost = true;
    await reload(record);
    await expect(record.getByRole("textbox", { name: "Case code" })).toHaveValue("A-17");
    await record.getByRole("button", { name: "Save notes" }).click();
    await expect(record.getByText("Saved.")).toBeVisible();
    proxy.close();
  });
});

test.describe("a form whose server is gone", () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test("says so, keeps what was typed, and is sent once more when it is back @long", async ({ page }) => {
    const database = createThrowawayDatabase();
    const server = await AppServer.start(database.url);
    const id = await saveSample(server);
    const { record, deletion } = await openForms(page, server.url, id);
    await server.stop("SIGKILL");

    await record.getByRole("button", { name: "Save notes" }).click();
    const notes = record.getByRole("region", { name: "Case", exact: true });
    await expect(notes.getByRole("alert")).toContainText("It may or may not have been done.");
    await expect(notes.getByRole("textbox", { name: "Case code" })).toHaveValue("A-17");
    await deletion.getByRole("button", { name: "Delete 1 prediction" }).click();
    await expect(deletion.getByRole("main").getByRole("alert")).toContainText(GONE);

    await server.start();
    await record.getByRole("button", { name: "Save notes" }).click();
    await expect(notes.getByText("Saved.")).toBeVisible();
    await deletion.getByRole("button", { name: "Delete 1 prediction" }).click();
    await expect(deletion.getByText("Deleted.")).toBeVisible();
    await server.stop();
    database.remove();
  });
});
