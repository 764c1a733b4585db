import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The installed Chromium or Chrome; undefined leaves it to Playwright's own download. CHROMIUM_PATH goes first. */
export function chromiumPath() {
  return CANDIDATES.find((path) => path !== undefined && existsSync(path));
}

/** Installs a Chromium where none is found: Debian's package, or else Playwright's download. */
export function ensureChromium() {
  if (chromiumPath() !== undefined) return;
  const run = (command, ...args) => execFileSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (!existsSync("/usr/bin/apt-get")) {
    run(process.execPath, "node_modules/@playwright/test/cli.js", "install", "chromium");
    return;
  }
  console.error("No Chromium found; installing Debian's (set CHROMIUM_PATH to use another) …");
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, "apt-get", ...args];
    run(command, ...rest);
  };
  apt("update", "--quiet");
  apt("install", "--yes", "--quiet", "--no-install-recommends", "chromium");
}
