import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import { setUpAction } from "@/app/set-up/actions";
import { EMAIL, NEW_PASSWORD } from "@/components/access/fields";
import { FieldsForm } from "@/components/access/fields-form";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { ROLE_SAYS } from "@/lib/access/roles";
import { asksForSignIn } from "@/lib/server/access/actor";
import { findInvitation } from "@/lib/server/access/set-up";
import { words } from "@/tables/current";

export const metadata: Metadata = { title: "Set up" };

const NAME = { name: "name", label: "Name", maxLength: 80, autoComplete: "name" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function SetUpPage({ searchParams }: { searchParams: SearchParams }) {
  await connection();
  if (!asksForSignIn()) notFound();
  const { token } = await searchParams;
  const found = typeof token === "string" ? await findInvitation(token) : null;
  if (found === null || typeof token !== "string") {
    return (
      <Page title="This link is not valid any more" width="form">
        <Notice kind="caution" title="A link is for one person, once, within 24 hours.">
          <p>
            Ask an administrator for another. Where nobody can sign in yet, {words.app.name} prints a new one
            whenever it starts.
          </p>
        </Notice>
      </Page>
    );
  }
  const { email, team, person, role } = found;
  return (
    <Page
      title={titleOf(found)}
      width="form"
      lead={
        person !== null
          ? `For ${person.name}, ${person.email}. Wherever you are signed in, you will be signed out.`
          : `As ${ROLE_SAYS[role].name} of the team ${team}, you can ${ROLE_SAYS[role].may}.`
      }
    >
      <div className="max-w-md">
        <Card title={person === null ? "Who you are" : "Your new password"}>
          <FieldsForm
            id="set-up"
            fields={[
              ...(person === null ? [NAME] : []),
              // Where the link knows it, it is there for what keeps passwords, which has to know whose it is.
              {
                ...EMAIL,
                autoComplete: "username",
                ...(email !== null && { readOnly: true, defaultValue: email }),
              },
              NEW_PASSWORD,
            ]}
            hidden={{ token }}
            action={setUpAction}
            submit="Save and sign in"
            isPrimary
          />
        </Card>
      </div>
    </Page>
  );
}

function titleOf({ person, email }: { person: object | null; email: string | null }): string {
  if (person !== null) return "Choose a new password";
  return email === null ? `Set up ${words.app.name}` : `Welcome to ${words.app.name}`;
}
