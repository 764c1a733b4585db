import "./globals.css";
import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import type { ReactNode } from "react";
import { signOutAction } from "@/app/sign-in/actions";
import { setTheme } from "@/app/theme";
import { SiteFooter } from "@/components/layout/site-footer";
import { SiteHeader } from "@/components/layout/site-header";
import { WarningBanner } from "@/components/layout/warning-banner";
import { accountAsking } from "@/lib/server/access/account";
import { asksForSignIn } from "@/lib/server/access/actor";
import { damageOf } from "@/lib/server/database/damage";
import { isOpenToAll, OPEN_TO_ALL } from "@/lib/server/exposure";
import { INSTALLED } from "@/lib/server/model/installed";
import { FIRST_SCRIPT } from "@/lib/theme";
import { version } from "@/package.json";
import { site, words } from "@/tables/current";

// fonts/README.md says what is in them.
const sans = localFont({ src: "./fonts/geist-sans.woff2", variable: "--font-geist-sans", weight: "400 600" });
const mono = localFont({
  src: "./fonts/geist-mono.woff2",
  variable: "--font-geist-mono",
  weight: "400 600",
  // Made for proportional letters.
  adjustFontFallback: false,
});

// A phone's keyboard takes its room from the page, whose lower edge stays in view.
export const viewport: Viewport = { interactiveWidget: "resizes-content" };

export const metadata: Metadata = {
  title: { default: words.app.name, template: `%s · ${words.app.name}` },
  description: site.description,
};

/** Where nobody signs in it reads nothing of the request, so that the front page can be made at build time. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const account = await accountAsking();
  const isClosed = asksForSignIn() && account === null;
  const damage = isClosed ? null : damageOf();
  return (
    // The script adds the theme to this element before React sees it.
    <html lang="en" className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <head>
        <script>{FIRST_SCRIPT}</script>
        <noscript>
          <link rel="stylesheet" href="/theme.css" />
        </noscript>
      </head>
      <body className="font-sans">
        {isOpenToAll() && <WarningBanner>{OPEN_TO_ALL}</WarningBanner>}
        {damage !== null && <WarningBanner>{damage}</WarningBanner>}
        <SiteHeader account={account} isClosed={isClosed} setTheme={setTheme} signOut={signOutAction} />
        <main id="content" className="min-h-[70vh] px-4 py-4 sm:px-6 sm:py-6 print:p-0">
          {children}
        </main>
        <SiteFooter version={version} model={INSTALLED} />
      </body>
    </html>
  );
}
