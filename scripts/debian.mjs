import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  // Without the window that no test looks at: the browser suite takes a quarter less time.
  "/usr/bin/chromium-headless-shell",
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

/** Installs Debian packages, as root or through sudo. Throws where that fails. */
export function installDebianPackages(...packages) {
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "--non-interactive"];
  for (const args of [
    ["update", "--quiet"],
    ["install", "--yes", "--quiet", "--no-install-recommends", ...packages],
  ]) {
    const [command, ...rest] = [...asRoot, "apt-get", ...args];
    execFileSync(command, rest, { stdio: ["ignore", "inherit", "inherit"] });
  }
}

/**
 * What AWS's Lambda runtime client is compiled with, and what builds the model's image, where Debian's packages can be had. A whole
 * run leaves the image to that of its part.
 */
export function ensureBuildTools() {
  const missing = {
    ...(process.env.TEST_BRIEF === undefined && { buildah: "/usr/bin/buildah" }),
    cmake: "/usr/bin/cmake",
    make: "/usr/bin/make",
    "g++": "/usr/bin/g++",
    "xz-utils": "/usr/bin/xz",
  };
  const packages = Object.keys(missing).filter((name) => !existsSync(missing[name]));
  if (packages.length > 0 && existsSync("/usr/bin/apt-get")) installDebianPackages(...packages);
}

/** Installs a Chromium where none is found: Debian's package, or else Playwright's download. */
export function ensureChromium() {
  if (chromiumPath() !== undefined) return;
  if (!existsSync("/usr/bin/apt-get")) {
    execFileSync(process.execPath, ["node_modules/@playwright/test/cli.js", "install", "chromium"], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    return;
  }
  console.error("No Chromium found; installing Debian's (set CHROMIUM_PATH to use another) …");
  installDebianPackages("chromium-headless-shell");
}
