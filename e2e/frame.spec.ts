import { request } from "node:http";
import { checkAccessibility, expect, test } from "./fixtures";

/** The status of `/` asked for under another host name, which a browser or fetch would not let one set. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test("answers for its own host names only", async ({ server }) => {
  expect(await statusFor(server.url, "evil.example")).toBe(421);
  expect(await statusFor(server.url, "localhost")).toBe(200);
});

test("sends a policy with a nonce of its own for each page, and the usual headers", async ({
  request: api,
}) => {
  const [first, second] = [await api.get("/"), await api.get("/history")];
  const policies = [first, second].map((response) => response.headers()["content-security-policy"] ?? "");
  for (const policy of policies)
    expect(policy).toMatch(/script-src 'self' 'nonce-[\w-]{36}' 'strict-dynamic';/);
  expect(policies[0]).not.toBe(policies[1]);
  expect(first.headers()).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
  });
  expect(first.headers()).not.toHaveProperty("x-powered-by");
});

test("keeps robots out, and has the icons that its manifest names", async ({ page, request: api }) => {
  expect(await (await api.get("/robots.txt")).text()).toContain("Disallow: /\n");
  await page.goto("/");
  const manifest = await page.locator("link[rel=manifest]").getAttribute("href");
  const { icons } = (await (await api.get(manifest ?? "")).json()) as {
    icons: { src: string; type: string }[];
  };
  for (const { src, type } of icons) {
    const icon = await api.get(src);
    expect([icon.status(), icon.headers()["content-type"]]).toEqual([200, type]);
  }
});

test("reports its health", async ({ request: api }) => {
  const response = await api.get("/api/health");
  expect(response.status()).toBe(200);
  expect(await response.json()).toMatchObject({
    status: "ok",
    database: { writable: true },
    model: {
      ok: true,
      backend: "embedded",
      model: { name: expect.any(String), version: expect.any(String) },
    },
  });
});

test.describe("an address that is no page", () => {
  test.use({ expectedErrors: [/404/] });

  test("says so and leads back", async ({ page }) => {
    const response = await page.goto("/nothing-here");
    expect(response?.status()).toBe(404);
    await checkAccessibility(page);
    await page.getByRole("link", { name: "New prediction" }).last().click();
    await expect(page.getByRole("heading", { name: "New prediction" })).toBeVisible();
  });
});
