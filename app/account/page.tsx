import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import {
  beginSecondFactorAction,
  changePasswordAction,
  confirmSecondFactorAction,
  endSecondFactorAction,
  endSessionAction,
  eraseAccountAction,
  removePasskeyAction,
  switchTeamAction,
} from "@/app/account/actions";
import { AddPasskey } from "@/components/access/add-passkey";
import { CODE, EMAIL, NEW_PASSWORD, PASSWORD } from "@/components/access/fields";
import { FieldsForm } from "@/components/access/fields-form";
import { RowButton } from "@/components/access/row-button";
import { Rows } from "@/components/access/rows";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Page } from "@/components/ui/page";
import { Timestamp } from "@/components/ui/timestamp";
import { browserOf } from "@/lib/access/browser";
import { askingPerson } from "@/lib/server/access/actor";
import { ownAccount } from "@/lib/server/access/own-account";
import { readLocale } from "@/lib/server/locale";

export const metadata: Metadata = { title: "Your account" };

export default async function AccountPage() {
  await connection();
  if (askingPerson() === null) notFound();
  const { who, hasPassword, hasSecondFactor, sessions, passkeys, teams } = await ownAccount();
  const locale = await readLocale();
  const time = (at: Date) => <Timestamp at={at} locale={locale} />;
  return (
    <Page title="Your account" lead={`${who.name}, ${who.email}`}>
      {teams.length > 1 && (
        <Card title="Teams" caption="Each has a history of its own; you see one at a time.">
          <Rows
            label="Teams"
            rows={teams.map(({ id, name, role, isShown }) => ({
              id,
              title: name,
              details: `${role}${isShown ? ", shown now" : ""}`,
              actions: !isShown && (
                <RowButton action={switchTeamAction} hidden={{ team: id }} of={name}>
                  Switch
                </RowButton>
              ),
            }))}
          />
        </Card>
      )}
      <Card
        title="Where you are signed in"
        caption="A session ends 8 hours after its last use, and after 7 days."
      >
        <Rows
          label="Sessions"
          rows={sessions.map(({ id, isThis, userAgent, ipAddress, updatedAt, createdAt }) => {
            const browser = browserOf(userAgent ?? "");
            return {
              id,
              title: `${browser}${isThis ? ", this one" : ""}`,
              details: (
                <>
                  {ipAddress}, since {time(createdAt)}, last used {time(updatedAt)}
                </>
              ),
              actions: !isThis && (
                <RowButton action={endSessionAction} hidden={{ id }} of={browser}>
                  Sign out
                </RowButton>
              ),
            };
          })}
        />
      </Card>
      <Card title="Passkeys" caption="A fingerprint, a PIN or a key in place of password and code.">
        {passkeys.length > 0 && (
          <Rows
            label="Passkeys"
            rows={passkeys.map(({ id, name, createdAt }, i) => ({
              id,
              title: name ?? `Passkey ${i + 1}`,
              details: createdAt === null ? "" : <>made {time(createdAt)}</>,
              actions: (
                <RowButton action={removePasskeyAction} hidden={{ id }} of={name ?? `Passkey ${i + 1}`}>
                  Remove
                </RowButton>
              ),
            }))}
          />
        )}
        <AddPasskey />
      </Card>
      {hasPassword && (
        <>
          <Card title="Password" caption="Changing it signs you out everywhere else.">
            <FieldsForm
              id="password"
              fields={[
                { ...PASSWORD, label: "Present password" },
                { ...NEW_PASSWORD, name: "next", label: "New password" },
              ]}
              action={changePasswordAction}
              submit="Change the password"
            />
          </Card>
          <Card
            title="Second factor"
            caption="A code of an application (TOTP), which is asked for after your password."
          >
            {hasSecondFactor ? (
              <FieldsForm
                id="end-factor"
                fields={[{ ...PASSWORD, label: "Your password" }]}
                action={endSecondFactorAction}
                submit="Ask for no code any more"
              />
            ) : (
              <>
                <FieldsForm
                  id="factor"
                  fields={[{ ...PASSWORD, label: "Your password" }]}
                  action={beginSecondFactorAction}
                  submit="Show a secret for my application"
                />
                <FieldsForm
                  id="confirm"
                  fields={[
                    { ...CODE, help: "Six digits, which your application shows once it has the secret." },
                  ]}
                  action={confirmSecondFactorAction}
                  submit="Ask for codes from now on"
                />
              </>
            )}
          </Card>
        </>
      )}
      <Card
        title="Everything of you"
        caption="Your account without its secrets, and what the audit of your teams says of you."
      >
        <form action="/account/export" method="post">
          <Button type="submit">Download all of it as JSON</Button>
        </form>
        <FieldsForm
          id="erase"
          fields={[
            {
              ...EMAIL,
              label: "Type your address to confirm",
              autoComplete: "off",
              help: "You leave every team, and the account goes with all that names you. What you made stays, by an id that names nobody.",
            },
          ]}
          action={eraseAccountAction}
          submit="Erase my account for ever"
        />
      </Card>
    </Page>
  );
}
