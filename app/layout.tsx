import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { setTheme } from "@/app/theme";
import { SiteHeader } from "@/components/layout/site-header";
import { parseTheme, THEME_COOKIE } from "@/lib/theme";
import { site } from "@/tables/current";

export const metadata: Metadata = {
  title: { default: "Cytodesk", template: "%s · Cytodesk" },
  description: site.description,
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // A page rendered at build time has no nonce, and the policy would stop its scripts.
  await connection();
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html
      lang="en"
      data-theme={theme === "system" ? undefined : theme}
      className={`${GeistSans.variable} ${GeistMono.variable}`}
    >
      <body className="font-sans">
        <SiteHeader theme={theme} setTheme={setTheme} />
        <main id="content" className="mx-auto max-w-7xl px-4 py-3">
          {children}
        </main>
      </body>
    </html>
  );
}
