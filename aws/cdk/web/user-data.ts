import { UserData } from "aws-cdk-lib/aws-ec2";

type WebUserDataOptions = {
  region: string;
  volumeId: string;
  /** What the names of the stage's parameters begin with. */
  parameters: string;
};

/**
 * What the instance does at its first boot, and never again: it writes down where to look, and has a timer fetch and run
 * the script that the parameter web-script names (aws/web/refresh.sh), or the one before where there is no way to it. A
 * deployment so changes everything without a new instance, whose volume and CloudFront origin would have to move with it.
 */
export function webUserData({ region, volumeId, parameters }: WebUserDataOptions): UserData {
  const userData = UserData.forLinux();
  userData.addCommands(
    "set -euxo pipefail",
    ...file("/etc/cytodesk.conf", [`AWS_REGION=${region}`, `PARAMETERS=${parameters}`, `VOLUME=${volumeId}`]),
    ...file("/usr/local/sbin/cytodesk-refresh", REFRESH),
    "chmod 755 /usr/local/sbin/cytodesk-refresh",
    ...Object.entries(UNITS).flatMap(([name, lines]) => file(`/etc/systemd/system/${name}`, lines)),
    "systemctl daemon-reload",
    "systemctl enable --now cytodesk-refresh.timer",
  );
  return userData;
}

function file(path: string, lines: readonly string[]): string[] {
  return [`cat > ${path} <<'END_OF_FILE'`, ...lines, "END_OF_FILE"];
}

const REFRESH = [
  "#!/bin/bash",
  "set -uo pipefail",
  "set -a; . /etc/cytodesk.conf; set +a",
  "script=/var/lib/cytodesk-refresh",
  'url=$(aws ssm get-parameter --name "$PARAMETERS"web-script --query Parameter.Value --output text)',
  'if [ -n "$url" ] && [ "$url" != "$(cat $script.url 2>/dev/null)" ]; then',
  '  aws s3 cp --only-show-errors "$url" $script.next && mv $script.next $script && echo "$url" > $script.url',
  "fi",
  "exec bash $script",
];

const UNITS = {
  // Also what starts Cytodesk: its environment is in memory, and gone after a boot.
  "cytodesk-refresh.service": [
    "[Unit]",
    "Description=Brings Cytodesk up to date",
    "Wants=network-online.target",
    "After=network-online.target",
    "[Service]",
    "Type=oneshot",
    "ExecStart=/usr/local/sbin/cytodesk-refresh",
  ],
  "cytodesk-refresh.timer": [
    "[Timer]",
    "OnActiveSec=1",
    "OnUnitInactiveSec=120",
    "[Install]",
    "WantedBy=timers.target",
  ],
};
