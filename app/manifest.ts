import type { MetadataRoute } from "next";
import { site, words } from "@/tables/current";

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: words.app.name,
    short_name: words.app.name,
    description: site.description,
    start_url: "/",
    display: "standalone",
    background_color: "#f4f6f8",
    theme_color: "#131a26",
    icons: [
      { src: "/icon.svg", sizes: "any", type: "image/svg+xml" },
      { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
      { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
    ],
  };
}
