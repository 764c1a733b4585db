import { RemovalPolicy } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { words } from "../../../tables/current";
import { acknowledge } from "../nag";

/** What sessions are signed and second factors encrypted with; kept beside the database, in whose copies these are. */
export function signInSecret(scope: Construct, destroyData: boolean): Secret {
  const secret = new Secret(scope, "SignInSecret", {
    description: `Signs the sessions of ${words.app.name}'s people and encrypts their second factors`,
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
    removalPolicy: destroyData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
  acknowledge(secret, {
    SMG4: "Another secret ends every session and makes second factors unreadable: that is for people to decide.",
  });
  return secret;
}
