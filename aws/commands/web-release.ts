import { setTimeout as sleep } from "node:timers/promises";
import { fail, ok, type Result } from "../../lib/result";
import { type Account, readParameter } from "./account";

/** What the server of web=ec2 says of itself; null where it has not said anything yet. */
export const runningRelease = ({ region, names }: Account) =>
  readParameter(region, names.parameter("web-running"));

type Patience = { pollMs?: number; patienceMs?: number };

/**
 * Waits until the server of web=ec2 runs the release that was deployed. It looks every two minutes, and at its first boot
 * installs what it needs. An error says what the server said, and that the release before goes on where it was refused.
 */
export async function awaitRelease(
  account: Account,
  say: (line: string) => void,
  { pollMs = 5_000, patienceMs = 15 * 60_000 }: Patience = {},
): Promise<Result<void, string>> {
  const { region, names } = account;
  const release = await readParameter(region, names.parameter("web-release"));
  const latest = performance.now() + patienceMs;
  for (let asked = 0; ; asked++) {
    const running = await runningRelease(account);
    if (running === release) return ok(undefined);
    if (running?.startsWith(`refused ${release}: `)) {
      return fail(
        `The web server ${running}. It goes on with the release before, on the database as it was. npm run aws:logs -- --group web says more.`,
      );
    }
    if (performance.now() > latest) {
      return fail(
        `After ${Math.round(patienceMs / 60_000)} minutes the web server has not said that it runs ${release}. npm run aws:status says what it runs; a shell on it: Session Manager, then journalctl -u cytodesk-refresh.`,
      );
    }
    if (asked === 0) say("\nThe web server takes the release, within two minutes or at its first boot ten …");
    await sleep(pollMs);
  }
}
