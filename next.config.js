import { fileURLToPath } from "node:url";

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // The folder may lie inside another project with a lock file of its own.
  turbopack: { root: fileURLToPath(new URL(".", import.meta.url)) },
  // `npm run check` does it, over everything; a build for serving has not all the packages for that.
  typescript: { ignoreBuildErrors: true },
  // Starts threads from files of its own.
  serverExternalPackages: ["tinypool"],
  // A filled form is under 2 kB.
  experimental: { serverActions: { bodySizeLimit: "100kb" } },
};
