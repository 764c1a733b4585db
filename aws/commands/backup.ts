import { setTimeout as sleep } from "node:timers/promises";
import { GetCommandInvocationCommand, SendCommandCommand, SSMClient } from "@aws-sdk/client-ssm";
import { fail, ok, type Result } from "../../lib/result";
import { BACKUP_PREFIX } from "../cdk/project";
import { type Account, findStacks, outputOf } from "./account";

type BackupOptions = { account: Account; say: (line: string) => void; now?: Date; pollMs?: number };

/** Has the web server of `web=ec2` copy its database to the bucket, by Run Command, and waits for it. */
export async function backUp(options: BackupOptions): Promise<Result<void, string>> {
  const { account, say, now = new Date(), pollMs = 2_000 } = options;
  const stacks = await findStacks(account);
  const InstanceId = outputOf(stacks, account, "InstanceId", "Web");
  const bucket = outputOf(stacks, account, "BucketName");
  if (InstanceId === undefined || bucket === undefined)
    return fail("There is no web server here that an npm run aws:deploy -- -c web=ec2 of this version made.");
  const target = `s3://${bucket}/${BACKUP_PREFIX}/${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}/`;
  const client = new SSMClient({ region: account.region });
  try {
    const { Command } = await client.send(
      new SendCommandCommand({
        DocumentName: "AWS-RunShellScript",
        InstanceIds: [InstanceId],
        Comment: "Backup of the database",
        // The command that aws/web/refresh.sh puts there.
        Parameters: { commands: [`/usr/local/sbin/cytodesk-backup ${target}`] },
      }),
    );
    say(`${InstanceId} copies its database to ${target}`);
    for (;;) {
      await sleep(pollMs);
      const { Status, StandardOutputContent, StandardErrorContent } = await invocation(
        client,
        Command?.CommandId ?? "",
        InstanceId,
      );
      if (Status === "Pending" || Status === "InProgress" || Status === "Delayed") continue;
      say((StandardOutputContent ?? "").trimEnd());
      return Status === "Success"
        ? ok(undefined)
        : fail(`The backup ended as ${Status}: ${(StandardErrorContent ?? "").trimEnd()}`);
    }
  } catch (error) {
    return fail(`There is no backup: ${error}`);
  }
}

/** What has become of a command; it is not known at once. */
async function invocation(client: SSMClient, CommandId: string, InstanceId: string) {
  try {
    return await client.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
  } catch (error) {
    if (error instanceof Error && error.name === "InvocationDoesNotExist")
      return { Status: "Pending", StandardOutputContent: "", StandardErrorContent: "" };
    throw error;
  }
}
