import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { connection } from "next/server";
import { signInAction } from "@/app/sign-in/actions";
import { EMAIL, PASSWORD } from "@/components/access/fields";
import { FieldsForm } from "@/components/access/fields-form";
import { PasskeyButton } from "@/components/access/passkey-button";
import { buttonClass } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { ownPath } from "@/lib/access/own-path";
import { askingPerson, asksForSignIn } from "@/lib/server/access/actor";
import { env } from "@/lib/server/env";
import { words } from "@/tables/current";

export const metadata: Metadata = { title: "Sign in" };

type SearchParams = Promise<Record<string, string | string[] | undefined>>;

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  await connection();
  if (!asksForSignIn()) notFound();
  const params = await searchParams;
  const next = ownPath(params.next);
  if (askingPerson() !== null) redirect(next);
  const { OIDC_ISSUER, OIDC_NAME } = env();
  return (
    <Page title="Sign in" width="form">
      {params.problem === "provider" && (
        <Notice kind="error" role="alert" title={`${OIDC_NAME} did not let you in here.`}>
          <p>
            Only people who were invited to {words.app.name} can come in, under an e-mail address that was
            verified there. Ask an administrator.
          </p>
        </Notice>
      )}
      <div className="grid max-w-md gap-4">
        <Card title="With your password">
          <FieldsForm
            id="sign-in"
            fields={[{ ...EMAIL, autoComplete: "username webauthn" }, PASSWORD]}
            hidden={{ next }}
            action={signInAction}
            submit="Sign in"
            isPrimary
          />
        </Card>
        <PasskeyButton next={next} />
        {OIDC_ISSUER !== undefined && (
          <a href={`/api/auth/oidc?next=${encodeURIComponent(next)}`} className={buttonClass()}>
            Sign in with {OIDC_NAME}
          </a>
        )}
        <p className="text-ink-2">
          Whoever has lost their password gets a link for a new one from an administrator.
        </p>
      </div>
    </Page>
  );
}
