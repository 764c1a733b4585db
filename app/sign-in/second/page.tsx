import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { connection } from "next/server";
import { secondFactorAction } from "@/app/sign-in/actions";
import { CODE } from "@/components/access/fields";
import { FieldsForm } from "@/components/access/fields-form";
import { Card } from "@/components/ui/card";
import { Page } from "@/components/ui/page";
import { ownPath } from "@/lib/access/own-path";
import { askingPerson, asksForSignIn } from "@/lib/server/access/actor";

export const metadata: Metadata = { title: "Second factor" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function SecondFactorPage({ searchParams }: { searchParams: SearchParams }) {
  await connection();
  if (!asksForSignIn()) notFound();
  const next = ownPath((await searchParams).next);
  if (askingPerson() !== null) redirect(next);
  return (
    <Page title="Second factor" width="form" back={{ href: "/sign-in", name: "Sign in" }}>
      <div className="max-w-md">
        <Card title="The code of your application">
          <FieldsForm
            id="second"
            fields={[{ ...CODE, help: "Six digits; or one of your backup codes, each of which works once." }]}
            hidden={{ next }}
            action={secondFactorAction}
            submit="Sign in"
            isPrimary
          />
        </Card>
      </div>
    </Page>
  );
}
