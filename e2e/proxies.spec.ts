import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppServer } from "../test/app-server";
import { freePort } from "../test/free-port";
import { exchange, NGINX, nginxArgs, nginxConfig, recipeOf } from "../test/proxy-recipe";
import { statusOf } from "../test/status-of";
import { createThrowawayDatabase } from "../test/throwaway";
import { test as base, expect } from "./fixtures";

/** Debian's proxies with the recipes of docs/deploy.md, of which only addresses are exchanged. */

const HOST = "cytodesk.example";
const UPSTREAM = "127.0.0.1:3000";
const isRoot = process.getuid?.() === 0;

/** What a recipe stands in, in a folder of its own, and how the program is started on that. */
type Program = {
  path: string;
  /** What the recipe listens on, and what instead. */
  address: (port: string) => [here: string, there: string];
  wrap: (recipe: string, folder: string, port: string) => string;
  args: (config: string, folder: string) => string[];
};

const MODULES = ["mpm_event", "authz_core", "proxy", "proxy_http"];

const PROGRAMS = {
  nginx: {
    path: NGINX,
    address: (port) => ["listen 80;", `listen 127.0.0.1:${port};`],
    wrap: (recipe, folder) => nginxConfig(recipe, folder, "master_process off;"),
    args: nginxArgs,
  },
  caddy: {
    path: "/usr/bin/caddy",
    // Without its name in the address, Caddy answers a foreign host with an empty page of its own.
    address: (port) => [`${HOST} {`, `http://localhost:${port}, http://evil.example:${port} {`],
    wrap: (recipe) => `{\nadmin off\n}\n${recipe}`,
    args: (config) => ["run", "--config", config, "--adapter", "caddyfile"],
  },
  apache: {
    path: "/usr/sbin/apache2",
    address: (port) => ["*:80", `127.0.0.1:${port}`],
    wrap: (recipe, folder, port) => `
      ${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
      ${isRoot ? "User www-data\nGroup www-data" : ""}
      ServerName localhost
      DefaultRuntimeDir ${folder}
      PidFile ${folder}/pid
      ErrorLog ${folder}/log
      Listen 127.0.0.1:${port}
      ${recipe}`,
    args: (config) => ["-X", "-f", config],
  },
} satisfies Record<string, Program>;
type Name = keyof typeof PROGRAMS;

/** How docs/deploy.md calls what each is told in. */
const LANGUAGES: Record<Name, string> = { nginx: "nginx", caddy: "caddyfile", apache: "apache" };

type Behind = { start: (name: Name, recipe?: string) => Promise<string> };

/** Starts proxies before an application of the test's own. */
const test = base.extend<{ behind: Behind }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from a pattern.
  behind: async ({}, use) => {
    const database = createThrowawayDatabase();
    const server = await AppServer.start(database.url, { ALLOWED_HOSTS: "localhost,127.0.0.1" });
    const folder = mkdtempSync(join(tmpdir(), "cytodesk-proxy-"));
    let child: ChildProcess | undefined;
    const start = async (name: Name, recipe = recipeOf(LANGUAGES[name])) => {
      const program = PROGRAMS[name];
      const port = String(await freePort());
      const [here, there] = program.address(port);
      const placed = exchange(exchange(recipe, UPSTREAM, new URL(server.url).host), here, there);
      const config = join(folder, name);
      writeFileSync(config, program.wrap(placed.replaceAll(HOST, "localhost"), folder, port));
      child = spawn(program.path, program.args(config, folder), {
        env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
        stdio: ["ignore", "ignore", "pipe"],
      });
      let log = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        log += chunk.toString();
      });
      const url = `http://localhost:${port}`;
      while (!(await statusOf(`${url}/api/health`).catch(() => null))) {
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${log}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return url;
    };
    await use({ start });
    if (child !== undefined && child.exitCode === null) {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    }
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    database.remove();
  },
  // Ends before its proxy does, which it may still ask for an icon.
  page: async ({ behind: _, page }, use) => use(page),
});

/** Skips, and says so, where a program is missing. */
function requireProgram(name: Name): void {
  const isMissing = !existsSync(PROGRAMS[name].path);
  if (isMissing) console.log(`Not tried: ${name} is not installed.`);
  test.skip(isMissing, `${name} is not installed`);
}

/** The status by another host name, which a browser or fetch would not let one set. */
const statusFor = (url: string, host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    get(url, { headers: { host, connection: "close" } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on("error", reject);
  });

for (const name of ["nginx", "caddy", "apache"] as const) {
  test(`works behind ${name} as docs/deploy.md has it${name === "nginx" ? "" : " @long"}`, async ({
    page,
    request,
    behind,
  }) => {
    requireProgram(name);
    const url = await behind.start(name);
    await page.goto(url);
    await page.getByRole("button", { name: "Malignant", exact: true }).click();
    await page.getByRole("button", { name: "Make prediction" }).click();
    await page.getByRole("link", { name: "Open this prediction" }).click();
    await page.getByRole("textbox", { name: "Case code" }).fill("A-17");
    await page.getByRole("button", { name: "Save notes" }).click();
    await expect(page.getByText("Saved.")).toBeVisible();
    await page.getByText("Delete…", { exact: true }).click();
    await page.getByRole("button", { name: "Delete this prediction" }).click();
    await expect(page.getByText("Deleted.")).toBeVisible();

    await page.goto(`${url}/history/import`);
    await page.getByLabel("File").setInputFiles("public/example.csv");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByText("2 new, 0 there already, 0 refused.")).toBeVisible();

    expect((await request.get(`${url}/api/health`)).status()).toBe(200);
    const { port } = new URL(url);
    expect(await statusFor(url, `localhost:${port}`)).toBe(200);
    expect(await statusFor(url, `evil.example:${port}`)).toBe(421);
  });
}

test.describe("behind nginx with the headers that it sends by default", () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test("the form and the import say what is to be changed", async ({ page, behind }) => {
    requireProgram("nginx");
    const url = await behind.start(
      "nginx",
      exchange(recipeOf("nginx"), "proxy_set_header Host $http_host;", ""),
    );
    await page.goto(url);
    await page.getByRole("button", { name: "Malignant", exact: true }).click();
    await page.getByRole("button", { name: "Make prediction" }).click();
    const alert = page.getByRole("alert").filter({ hasText: "The server refused what this page sent." });
    await expect(alert).toContainText(`it comes from a page at ${url}, and was sent to 127.0.0.1:`);
    await expect(alert).toContainText("docs/deploy.md says how.");
    await expect(alert).not.toContainText("ry again");

    await page.goto(`${url}/history/import`);
    await page.getByLabel("File").setInputFiles("public/example.csv");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByText("docs/deploy.md says how.")).toBeVisible();
  });
});
