import { ActionForm } from "@/components/ui/action-form";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";

export type Account = { name: string; email: string; team: string; isAdministrator: boolean };

/** The first letters of a name's first and last word. */
const initials = (name: string) => {
  const words = name.trim().split(/\s+/);
  return [words[0], ...words.slice(1).slice(-1)]
    .map((word = "") => [...word][0] ?? "")
    .join("")
    .toUpperCase();
};

const LINK = "flex min-h-control items-center underline decoration-ink-3 hover:decoration-ink";

/** Who is signed in, in which team, and what they can do about it. Stands beside the theme's switch, in a place kept for it. */
export function AccountMenu({
  account: { name, email, team, isAdministrator },
  signOut,
}: {
  account: Account;
  signOut: () => Promise<void>;
}) {
  return (
    <div className="absolute right-[calc(var(--control)+1.25rem)] sm:right-[calc(var(--control)+1.75rem)]">
      <Menu
        kind="quiet"
        className="[&>summary]:size-control [&>summary]:px-0"
        boxClass="right-0 w-max max-w-[min(20rem,calc(100vw-2rem))]!"
        label={
          <>
            <span
              aria-hidden="true"
              className="grid size-7 place-items-center rounded-full border border-ink-3 font-medium text-xs"
            >
              {initials(name)}
            </span>
            <span className="sr-only">
              Account: {name}, {team}
            </span>
          </>
        }
      >
        <p className="break-words font-semibold">{name}</p>
        <p className="break-words text-ink-2 text-xs">{email}</p>
        <p className="mt-1 break-words">Team {team}</p>
        <a href="/account" className={LINK}>
          Your account
        </a>
        {isAdministrator && (
          <>
            <a href="/people" className={LINK}>
              People and keys
            </a>
            <a href="/audit" className={LINK}>
              Audit
            </a>
          </>
        )}
        <ActionForm action={signOut} className="mt-2">
          <Button type="submit">Sign out</Button>
        </ActionForm>
      </Menu>
    </div>
  );
}
