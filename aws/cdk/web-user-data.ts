import { UserData } from "aws-cdk-lib/aws-ec2";

type WebUserDataOptions = {
  region: string;
  volumeId: string;
  modelUrl: string;
  /** Parameters that say the host name that is answered, and where the application's source is (`s3://…`). */
  hostParameter: string;
  releaseParameter: string;
  /** Id of the API key that requests to the model carry. */
  apiKeyId?: string;
  /** Batches that SageMaker answers: their place (`s3://…`), and the parameter that names SageMaker's model. */
  batches?: { url: string; modelNameParameter: string };
};

/**
 * What the instance does at its first boot. It names neither host nor release: those are read from parameters every two
 * minutes, so that a deployment changes them without a new instance, whose volume and CloudFront origin would have to
 * move with it.
 */
export function webUserData(options: WebUserDataOptions): UserData {
  const { region, volumeId, modelUrl, batches } = options;
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
      `MODEL_URL=${modelUrl}`,
      "DATABASE_URL=file:/var/lib/cytodesk/cytodesk.db",
      // Beside the database: a new release replaces the application's folder.
      `BATCH_URL=${batches?.url ?? "file:/var/lib/cytodesk/batches"}`,
      ...(batches === undefined ? [] : ["BATCH_CACHE=/var/lib/cytodesk/batches", "BATCH_ENGINE=sagemaker"]),
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

type RefreshOptions = Pick<WebUserDataOptions, "hostParameter" | "releaseParameter" | "apiKeyId" | "batches">;

function refresh({ hostParameter, releaseParameter, apiKeyId, batches }: RefreshOptions): string[] {
  return [
    "#!/bin/bash",
    "# Brings source and environment of Cytodesk up to date, and restarts it where either has changed.",
    "set -euo pipefail",
    "umask 077",
    "set -a; . /etc/cytodesk.conf; set +a",
    "parameter() { aws ssm get-parameter --name $1 --query Parameter.Value --output text; }",
    `host=$(parameter ${hostParameter})`,
    `release=$(parameter ${releaseParameter})`,
    ...(batches === undefined ? [] : [`model=$(parameter ${batches.modelNameParameter})`]),
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
    ...(apiKeyId === undefined
      ? []
      : [
          `key=$(aws apigateway get-api-key --api-key ${apiKeyId} --include-value --query value --output text)`,
        ]),
    "{",
    "  cat /etc/cytodesk.conf",
    '  echo "ALLOWED_HOSTS=$host"',
    ...(apiKeyId === undefined ? [] : ['  echo "MODEL_API_KEY=$key"']),
    ...(batches === undefined ? [] : ['  echo "BATCH_MODEL_NAME=$model"']),
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
