import { fileURLToPath } from "node:url";
import { requireSafeVersions } from "./scripts/supply/known-bad.mjs";
import { MOST_MEASURED_FORM_BYTES } from "./server/request-guard.mjs";

requireSafeVersions();

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // The folder may lie inside another project with a lock file of its own.
  turbopack: { root: fileURLToPath(new URL(".", import.meta.url)) },
  // `npm run check` does it, over everything; a build for serving has not all the packages for that.
  typescript: { ignoreBuildErrors: true },
  // No page has an image to be scaled; without this, /_next/image answers, and holds whatever address it is given in memory.
  images: { unoptimized: true },
  // The empty form is made at build time, one with values in it on request.
  rewrites: async () => ({
    beforeFiles: [
      ...["sample", "from"].map((key) => ({
        source: "/",
        has: [{ type: "query", key }],
        destination: "/filled",
      })),
      // Where each page has a banner, this one too; server/serve.mjs sends the header.
      { source: "/", has: [{ type: "header", key: "x-made-on-request" }], destination: "/filled" },
      // A browser asks for it where an answer names no icon: a text, a page that is being replaced.
      { source: "/favicon.ico", destination: "/icon-192.png" },
    ],
  }),
  // What it was called before.
  redirects: async () => [{ source: "/settings", destination: "/path", permanent: true }],
  // Starts threads from files of its own.
  serverExternalPackages: [
    "@duckdb/node-api",
    "tinypool",
    // Node loads them once for the pages and for what stands before them.
    "better-auth",
    "@better-auth/passkey",
    "prom-client",
    "rate-limiter-flexible",
  ],
  // A filled form is under 2 kB, one with the outlines that it was measured on up to this. Next knows one limit for all;
  // server/request-guard.mjs has the smaller one of the other forms.
  experimental: { serverActions: { bodySizeLimit: MOST_MEASURED_FORM_BYTES } },
};
