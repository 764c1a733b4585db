import { UserData } from "aws-cdk-lib/aws-ec2";
import { type Names, NO_API_KEY } from "./project";

type WebUserDataOptions = {
  region: string;
  volumeId: string;
  /** Full names of the parameters that are read at every refresh. */
  parameter: Names["parameter"];
  /** Where batches are that SageMaker answers (`s3://…`). */
  batchUrl?: string;
};

/**
 * What the instance does at its first boot. It names neither host nor release, nor the API and its key: those are read
 * from parameters every two minutes, so that a deployment changes them without a new instance, whose volume and
 * CloudFront origin would have to move with it.
 */
export function webUserData(options: WebUserDataOptions): UserData {
  const { region, volumeId, batchUrl } = options;
  const userData = UserData.forLinux();
  userData.addCommands(
    "set -euxo pipefail",
    "useradd --system --home-dir /opt/cytodesk --create-home --shell /sbin/nologin cytodesk",
    // The way out may come up after this instance.
    "until dnf install -y nodejs22 nodejs22-npm unzip; do sleep 10; done",
    // Building the pages takes more memory than the instance has.
    "dd if=/dev/zero of=/swap bs=1M count=2048 && chmod 600 /swap && mkswap /swap && swapon /swap",
    "echo '/swap none swap defaults 0 0' >> /etc/fstab",

    `volume=$(echo ${volumeId} | tr -d -)`,
    "device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_$volume",
    // Attached once the instance runs.
    "until [ -e $device ]; do sleep 5; done",
    // A volume that has been in use keeps what is on it.
    "blkid $device || mkfs.xfs $device",
    "mkdir -p /var/lib/cytodesk",
    'echo "$device /var/lib/cytodesk xfs defaults,nofail 0 2" >> /etc/fstab',
    "mount /var/lib/cytodesk",
    "chown cytodesk:cytodesk /var/lib/cytodesk",

    ...file("/etc/cytodesk.conf", [
      `AWS_REGION=${region}`,
      "DATABASE_URL=file:/var/lib/cytodesk/cytodesk.db",
      // Beside the database: a new release replaces the application's folder.
      `BATCH_URL=${batchUrl ?? "file:/var/lib/cytodesk/batches"}`,
      ...(batchUrl === undefined ? [] : ["BATCH_CACHE=/var/lib/cytodesk/batches", "BATCH_ENGINE=sagemaker"]),
    ]),
    ...file("/usr/local/sbin/cytodesk-refresh", refresh(options)),
    "chmod 755 /usr/local/sbin/cytodesk-refresh",
    ...Object.entries(UNITS).flatMap(([name, lines]) => file(`/etc/systemd/system/${name}`, lines)),
    "systemctl daemon-reload",
    "systemctl enable --now cytodesk-proxy.socket cytodesk-refresh.timer",
  );
  return userData;
}

function file(path: string, lines: readonly string[]): string[] {
  return [`cat > ${path} <<'END_OF_FILE'`, ...lines, "END_OF_FILE"];
}

type RefreshOptions = Pick<WebUserDataOptions, "parameter" | "batchUrl">;

function refresh({ parameter, batchUrl }: RefreshOptions): string[] {
  return [
    "#!/bin/bash",
    "# Brings source and environment of Cytodesk up to date, and restarts it where either has changed.",
    "set -euo pipefail",
    "umask 077",
    "set -a; . /etc/cytodesk.conf; set +a",
    "parameter() { aws ssm get-parameter --name $1 --query Parameter.Value --output text; }",
    `host=$(parameter ${parameter("web-host")})`,
    `release=$(parameter ${parameter("web-release")})`,
    `url=$(parameter ${parameter("model-url")})`,
    `key_id=$(parameter ${parameter("api-key-id")})`,
    ...(batchUrl === undefined ? [] : [`model=$(parameter ${parameter("model-name")})`]),
    "current=/run/cytodesk/environment",
    "mkdir -p /run/cytodesk",
    "",
    'if [ "$(cat /opt/cytodesk/release 2>/dev/null || true)" != "$release" ]; then',
    "  rm -rf /opt/cytodesk/next",
    "  mkdir /opt/cytodesk/next",
    '  aws s3 cp --only-show-errors "$release" /opt/cytodesk/next.zip',
    "  unzip -q /opt/cytodesk/next.zip -d /opt/cytodesk/next",
    "  chown -R cytodesk:cytodesk /opt/cytodesk/next",
    "  systemctl stop cytodesk.service",
    "  rm -rf /opt/cytodesk/app $current",
    "  mv /opt/cytodesk/next /opt/cytodesk/app",
    '  echo "$release" > /opt/cytodesk/release',
    "fi",
    "",
    "key=",
    `if [ "$key_id" != ${NO_API_KEY} ]; then`,
    "  key=$(aws apigateway get-api-key --api-key $key_id --include-value --query value --output text)",
    "fi",
    "{",
    "  cat /etc/cytodesk.conf",
    '  echo "ALLOWED_HOSTS=$host"',
    '  echo "MODEL_URL=$url"',
    '  if [ -n "$key" ]; then echo "MODEL_API_KEY=$key"; fi',
    ...(batchUrl === undefined ? [] : ['  echo "BATCH_MODEL_NAME=$model"']),
    "} > $current.next",
    "if cmp -s $current $current.next; then exit 0; fi",
    "mv $current.next $current",
    "systemctl restart cytodesk.service",
  ];
}

const UNITS = {
  "cytodesk.service": [
    "[Unit]",
    "Description=Cytodesk",
    "RequiresMountsFor=/var/lib/cytodesk",
    "[Service]",
    "User=cytodesk",
    "WorkingDirectory=/opt/cytodesk/app",
    "EnvironmentFile=/run/cytodesk/environment",
    "ExecStart=/usr/bin/npm start",
    "Restart=always",
    "RestartSec=10",
    "NoNewPrivileges=true",
    "PrivateTmp=true",
    "ProtectHome=true",
    "ProtectSystem=strict",
    "ReadWritePaths=/opt/cytodesk /var/lib/cytodesk",
  ],
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
  // Cytodesk listens on the loopback only.
  "cytodesk-proxy.socket": ["[Socket]", "ListenStream=80", "[Install]", "WantedBy=sockets.target"],
  "cytodesk-proxy.service": [
    "[Unit]",
    "Description=Hands port 80 to Cytodesk",
    "Requires=cytodesk-proxy.socket",
    "[Service]",
    "DynamicUser=true",
    "ExecStart=/usr/lib/systemd/systemd-socket-proxyd 127.0.0.1:3000",
  ],
};
