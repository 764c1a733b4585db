import { measuring, notice, words } from "@/tables/current";
import { type Account, AccountMenu } from "./account-menu";
import { CommandMenu } from "./command-menu";
import { Mark } from "./mark";
import { Places } from "./places";
import { ThemeSwitch } from "./theme-switch";

/**
 * The bar of every page, which stays in view, and below it what the application is for. `account`: who is signed in; null where
 * nobody has to be. `isClosed`: somebody has to be, and is not.
 */
export function SiteHeader({
  account,
  isClosed,
  setTheme,
  signOut,
}: {
  account: Account | null;
  isClosed: boolean;
  setTheme: (data: FormData) => Promise<void>;
  signOut: () => Promise<void>;
}) {
  return (
    <>
      <header
        data-account={account === null ? undefined : ""}
        className="sticky top-0 z-20 flex h-(--bar) items-center gap-3 border-line border-b bg-surface px-4 md:gap-6 sm:px-6 print:hidden"
      >
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-30 focus:rounded-field focus:forced-color-adjust-none focus:bg-ink focus:px-3 focus:py-2 focus:text-on-ink"
        >
          Skip to content
        </a>
        <a href="/" className="flex items-center gap-2 font-semibold text-base tracking-tight">
          <Mark />
          {words.app.name}
        </a>
        {!isClosed && (
          <>
            <Places />
            <CommandMenu measure={measuring?.title ?? null} setTheme={setTheme} />
          </>
        )}
        {account !== null && <AccountMenu account={account} signOut={signOut} />}
        <ThemeSwitch setTheme={setTheme} />
      </header>
      {notice !== null && (
        <aside
          aria-label="What it is for"
          className="border-line border-b px-4 py-1.5 text-ink-2 text-xs sm:text-center"
        >
          <strong className="font-medium text-ink">{notice[0]}</strong> {notice[1]}
          <span className="max-sm:sr-only">{notice[2]}</span>
        </aside>
      )}
    </>
  );
}
