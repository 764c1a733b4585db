import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import {
  changeRoleAction,
  erasePersonAction,
  inviteAction,
  makeKeyAction,
  makeTeamAction,
  passwordLinkAction,
  removePersonAction,
  renameTeamAction,
  revokeKeyAction,
  withdrawAction,
} from "@/app/people/actions";
import { EMAIL } from "@/components/access/fields";
import { FieldsForm } from "@/components/access/fields-form";
import { RowButton } from "@/components/access/row-button";
import { Rows } from "@/components/access/rows";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Fold } from "@/components/ui/fold";
import { Page } from "@/components/ui/page";
import { Timestamp } from "@/components/ui/timestamp";
import { ROLE_SAYS, ROLES } from "@/lib/access/roles";
import { askingPerson, HOME, may } from "@/lib/server/access/actor";
import { listKeys } from "@/lib/server/access/api-key";
import { listPeople, teamsToInviteTo } from "@/lib/server/access/people";
import { readLocale } from "@/lib/server/locale";

export const metadata: Metadata = { title: "People and keys" };

const ROLE_FIELD = {
  name: "role",
  label: "Role",
  options: ROLES.map((role) => ({
    value: role,
    text: `${ROLE_SAYS[role].name}: may ${ROLE_SAYS[role].may}`,
  })),
};

const TEAM_NAME = { name: "name", label: "Name of the team", maxLength: 60, autoComplete: "off" };

export default async function PeoplePage() {
  await connection();
  const who = askingPerson();
  // To who may not see it, it is not there.
  if (who === null || !may("administer", who)) notFound();
  const [{ people, invited }, keys, teams] = await Promise.all([listPeople(), listKeys(), teamsToInviteTo()]);
  const locale = await readLocale();
  const time = (at: Date) => <Timestamp at={at} locale={locale} />;
  return (
    <Page title="People and keys" lead="Who may see and change your team's history.">
      <Card title="People">
        <Rows
          label="People"
          rows={people.map(({ id, name, email, role, hasSecondFactor }) => ({
            id,
            title: `${name}${id === who.id ? ", you" : ""}`,
            details: `${email}, ${ROLE_SAYS[role].name}${hasSecondFactor ? ", with a second factor or passkey" : ""}`,
            actions: (
              <Fold summary={`Change ${name}`}>
                <FieldsForm
                  id={`role-${id}`}
                  fields={[{ ...ROLE_FIELD, defaultValue: role }]}
                  hidden={{ user: id }}
                  action={changeRoleAction}
                  submit="Change the role"
                />
                <FieldsForm
                  id={`link-${id}`}
                  fields={[]}
                  hidden={{ user: id }}
                  action={passwordLinkAction}
                  submit="Make a link for a new password"
                />
                <FieldsForm
                  id={`remove-${id}`}
                  fields={[]}
                  hidden={{ user: id }}
                  action={removePersonAction}
                  submit={`Remove ${name} from the team`}
                />
                <form action="/people/export" method="post">
                  <input type="hidden" name="user" value={id} />
                  <Button type="submit">Download everything of {name} as JSON</Button>
                </form>
                <FieldsForm
                  id={`erase-${id}`}
                  fields={[
                    {
                      ...EMAIL,
                      label: `Type the address of ${name} to confirm`,
                      autoComplete: "off",
                      help: "Out of every team, with the account and all that names them. What they made stays, by an id that names nobody.",
                    },
                  ]}
                  hidden={{ user: id, theirs: email }}
                  action={erasePersonAction}
                  submit={`Erase ${name} for ever`}
                />
              </Fold>
            ),
          }))}
        />
      </Card>
      {invited.length > 0 && (
        <Card title="Invited">
          <Rows
            label="Invited"
            rows={invited.map(({ id, email, role, expiresAt }) => ({
              id,
              title: email,
              details: (
                <>
                  {role}, until {time(expiresAt)}
                </>
              ),
              actions: (
                <RowButton action={withdrawAction} hidden={{ id }} of={email ?? ""}>
                  Withdraw
                </RowButton>
              ),
            }))}
          />
        </Card>
      )}
      <Card title="Invite somebody" caption="No mail is sent: you get a link, and hand it over.">
        <FieldsForm
          id="invite"
          fields={[
            { ...EMAIL, autoComplete: "off" },
            ROLE_FIELD,
            {
              name: "team",
              label: "Team",
              options: teams.map(({ id, name }) => ({ value: id, text: name })),
              defaultValue: who.team,
            },
          ]}
          action={inviteAction}
          submit="Invite"
        />
      </Card>
      {who.team === HOME && (
        <Card title="Teams" caption="Each has a history of its own, which no other sees.">
          <Rows
            label="Teams"
            rows={teams.map(({ id, name }) => ({
              id,
              title: name,
              details: id === who.team ? "The first, whose administrators make the others." : id,
              actions: (
                <Fold summary={`Rename ${name}`}>
                  <FieldsForm
                    id={`team-${id}`}
                    fields={[{ ...TEAM_NAME, defaultValue: name }]}
                    hidden={{ team: id }}
                    action={renameTeamAction}
                    submit={`Rename ${name}`}
                  />
                </Fold>
              ),
            }))}
          />
          <FieldsForm id="new-team" fields={[TEAM_NAME]} action={makeTeamAction} submit="Make a team" />
        </Card>
      )}
      <Card title="Keys" caption="By which programs act for your team: Authorization: Bearer KEY.">
        {keys.length > 0 && (
          <Rows
            label="Keys"
            rows={keys.map(({ id, name, start, scopes, expiresAt, revokedAt, lastUsedAt }) => ({
              id,
              title: name,
              details: (
                <>
                  {start}…, may {scopes.replace(" ", " and ")},{" "}
                  {revokedAt !== null ? <>revoked {time(revokedAt)}</> : <>until {time(expiresAt)}</>},{" "}
                  {lastUsedAt === null ? "never used" : <>last used {time(lastUsedAt)}</>}
                </>
              ),
              actions: revokedAt === null && (
                <RowButton action={revokeKeyAction} hidden={{ id }} of={name}>
                  Revoke
                </RowButton>
              ),
            }))}
          />
        )}
        <FieldsForm
          id="key"
          fields={[
            {
              name: "name",
              label: "Name",
              maxLength: 60,
              autoComplete: "off",
              help: "What uses it, such as: night pipeline.",
            },
            {
              name: "scopes",
              label: "It may",
              options: [
                { value: "read", text: "read what the team keeps" },
                { value: "read predict", text: "read, and make, change and delete predictions" },
              ],
            },
            {
              name: "days",
              label: "Days until it ends",
              type: "number",
              min: 1,
              max: 365,
              defaultValue: "90",
            },
          ]}
          action={makeKeyAction}
          submit="Make a key"
        />
      </Card>
    </Page>
  );
}
