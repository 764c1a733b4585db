import { fileURLToPath } from "node:url";

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()" },
];

/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // The folder may lie inside another project with a lock file of its own.
  turbopack: { root: fileURLToPath(new URL(".", import.meta.url)) },
  // A filled form is under 2 kB.
  experimental: { serverActions: { bodySizeLimit: "100kb" } },
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};
