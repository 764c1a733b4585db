#!/bin/bash
# What an instance of web=ec2 does every two minutes: brings packages, volume, services, settings and release to what the
# account's parameters say. It is fetched anew when a deployment has changed it, so that nothing has to be written down
# when the instance is made but where to look: /etc/cytodesk.conf with AWS_REGION, PARAMETERS, VOLUME and, where it is not
# 3000, PORT.
#
# A release that does not become healthy, or whose migrations fail, makes room for the one before, on the database as it
# was before the migrations. The parameter web-running says which one runs, or why the newest does not.
set -euo pipefail
umask 077

# Tests stand in another folder.
at=${STAND_IN:-}
app=$at/opt/cytodesk
data=$at/var/lib/cytodesk
run=$at/run/cytodesk
logs=$at/var/log/cytodesk
units=$at/etc/systemd/system
sbin=$at/usr/local/sbin
set -a
# shellcheck source=/dev/null
. "$at/etc/cytodesk.conf"
set +a
port=${PORT:-3000}

say() { echo "cytodesk-refresh: $*" >&2; }

# Puts standard input into a file; fails where that is what it already held.
put() {
  local next
  next=$(mktemp "$run/put.XXXXXX")
  cat >"$next"
  if cmp -s "$next" "$1"; then
    rm "$next"
    return 1
  fi
  mkdir -p "$(dirname "$1")"
  mv "$next" "$1"
  chmod "${2:-644}" "$1"
}

read_parameters() {
  # Each is one line.
  aws ssm get-parameters --query 'Parameters[].[Name,Value]' --output text --names \
    "${PARAMETERS}web-settings" "${PARAMETERS}web-release" "${PARAMETERS}web-running" "${PARAMETERS}model-url" \
    "${PARAMETERS}api-key-id" "${PARAMETERS}model-name" "${PARAMETERS}data-key" >"$run/parameters"
  while IFS=$'\t' read -r name value; do
    told[${name#"$PARAMETERS"}]=$value
  done <"$run/parameters"
  # HOST, SECRET, BATCHES, BACKUPS, TAG, LOG_GROUP, METRICS and SERVICE.
  for pair in ${told[web-settings]}; do
    given[${pair%%=*}]=${pair#*=}
  done
}

install_packages() {
  command -v node >/dev/null || dnf install -y -q nodejs24 || dnf install -y -q nodejs22
  command -v logrotate >/dev/null || dnf install -y -q logrotate
  # Serving does not wait for the agent that brings the log to CloudWatch.
  [ -x /opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl ] ||
    dnf install -y -q amazon-cloudwatch-agent || say "no agent for the log yet"
  id -u cytodesk >/dev/null 2>&1 ||
    useradd --system --home-dir /opt/cytodesk --no-create-home --shell /sbin/nologin cytodesk
}

mount_volume() {
  mountpoint -q "$data" && return
  local device=$at/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME//-/}
  # It is attached once the instance runs.
  [ -e "$device" ] || { say "volume $VOLUME is not attached yet"; exit 1; }
  # A volume that has been in use keeps what is on it.
  blkid "$device" >/dev/null || mkfs.xfs -q "$device"
  mkdir -p "$data"
  mount "$device" "$data"
  chown cytodesk:cytodesk "$data"
}

# Units, the commands that people call and what is done at night.
install_services() {
  local changed=0
  mkdir -p "$logs"
  put "$units/cytodesk.service" <<END && changed=1
[Unit]
Description=Cytodesk
[Service]
User=cytodesk
WorkingDirectory=$app/current
EnvironmentFile=$run/environment
ExecStart=/usr/bin/env node server/serve.mjs
StandardOutput=append:$logs/web.log
StandardError=append:$logs/web.log
Restart=always
RestartSec=5
NoNewPrivileges=true
PrivateTmp=true
ProtectHome=true
ProtectSystem=strict
ReadWritePaths=$data
END
  # Cytodesk listens on the loopback only.
  put "$units/cytodesk-proxy.socket" <<'END' && changed=1
[Socket]
ListenStream=80
[Install]
WantedBy=sockets.target
END
  put "$units/cytodesk-proxy.service" <<END && changed=1
[Unit]
Description=Hands port 80 to Cytodesk
Requires=cytodesk-proxy.socket
[Service]
DynamicUser=true
ExecStart=/usr/lib/systemd/systemd-socket-proxyd 127.0.0.1:$port
END
  put "$units/cytodesk-backup.service" <<END && changed=1
[Unit]
Description=Copies Cytodesk's database to the bucket
[Service]
Type=oneshot
ExecStart=$sbin/cytodesk-backup
END
  put "$units/cytodesk-backup.timer" <<'END' && changed=1
[Timer]
OnCalendar=*-*-* 02:15:00
RandomizedDelaySec=600
Persistent=true
[Install]
WantedBy=timers.target
END
  # What both commands have in common: settings, and node as the user whose files they are.
  local common
  common=$(
    cat <<END
#!/bin/bash
set -euo pipefail
umask 077
set -a; . $run/environment; set +a
cd $app/current
as_app() { runuser -u cytodesk -- node "\$@"; }
END
  )
  put "$sbin/cytodesk-backup" 755 <<END || true
$common
# A consistent copy of every database while the server answers, to a folder of the bucket; none stays on this disk.
target=\${1:-${given[BACKUPS]}/\$(date -u +%Y%m%dT%H%M%SZ)/}
folder=\$(mktemp -d $data/backup.XXXXXX)
trap 'rm -rf "\$folder"' EXIT
chown cytodesk "\$folder"
as_app dist/database/backup.mjs "\$folder/cytodesk.db"
aws s3 cp --only-show-errors --recursive "\$folder" "\$target"
echo "It is in \$target"
END
  put "$sbin/cytodesk-restore" 755 <<END || true
$common
# Puts a backup of the bucket in the place of the database, which is kept beside it: cytodesk-restore s3://…/backups/TIME/
source=\${1:?Which one? $sbin/cytodesk-restore ${given[BACKUPS]}/TIME/}
folder=\$(mktemp -d $data/restore.XXXXXX)
trap 'rm -rf "\$folder"' EXIT
aws s3 cp --only-show-errors --recursive "\$source" "\$folder"
chown -R cytodesk "\$folder"
systemctl stop cytodesk.service
# Started again also where the backup was refused.
trap 'rm -rf "\$folder"; systemctl start cytodesk.service' EXIT
as_app dist/database/restore.mjs "\$folder/cytodesk.db"
END
  put "$at/etc/logrotate.d/cytodesk" <<END || true
$logs/web.log {
  daily
  rotate 7
  maxsize 50M
  copytruncate
  missingok
  compress
}
END
  if put "$at/opt/aws/amazon-cloudwatch-agent/etc/cytodesk.json" <<END; then
{"agent": {"run_as_user": "root"}, "logs": {"logs_collected": {"files": {"collect_list": [
  {"file_path": "$logs/web.log", "log_group_name": "${given[LOG_GROUP]}", "log_stream_name": "{instance_id}"}
]}}}}
END
    "$at/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl" -a fetch-config -m ec2 -s \
      -c "file:$at/opt/aws/amazon-cloudwatch-agent/etc/cytodesk.json" >/dev/null ||
      rm "$at/opt/aws/amazon-cloudwatch-agent/etc/cytodesk.json"
  fi
  [ $changed = 0 ] || systemctl daemon-reload
}

# Writes what the application is told; fails where it is what it was told before. In memory, since it has secrets.
write_environment() {
  local key='' batches=${given[BATCHES]} secret
  secret=$(aws secretsmanager get-secret-value --secret-id "${given[SECRET]}" --query SecretString --output text)
  if [ "${told[api-key-id]}" != none ]; then
    key=$(aws apigateway get-api-key --api-key "${told[api-key-id]}" --include-value --query value --output text)
  fi
  put "$run/environment" 600 <<END
NODE_ENV=production
PORT=$port
AWS_REGION=$AWS_REGION
DATABASE_URL=file:$data/cytodesk.db
ALLOWED_HOSTS=${given[HOST]}
PUBLIC_URL=https://${given[HOST]}
SIGN_IN_SECRET=$secret
LOG_REQUESTS=1
MODEL_URL=${told[model-url]}
${key:+MODEL_API_KEY=$key
}$(
    if [ "$batches" = none ]; then
      echo "BATCH_URL=file:$data/batches"
    else
      printf '%s\n' "BATCH_URL=$batches" "BATCH_CACHE=$data/batches" BATCH_ENGINE=sagemaker \
        "BATCH_MODEL_NAME=${told[model-name]}" "BATCH_TAG=${given[TAG]}"
      [ "${told[data-key]}" = none ] || echo "BATCH_KMS_KEY=${told[data-key]}"
    fi
  )
END
}

# Runs one of a release's programs as the application's user, with its settings.
as_app() {
  local folder=$1
  shift
  (
    cd "$folder"
    set -a
    # shellcheck source=/dev/null
    . "$run/environment"
    runuser -u cytodesk -- node "$@"
  )
}

is_ready() { curl -fsS --max-time 5 -o /dev/null "http://127.0.0.1:$port/api/health/ready" 2>/dev/null; }

# A minute at most.
becomes_ready() {
  for _ in $(seq 30); do
    is_ready && return
    sleep "${READY_PAUSE:-2}"
  done
  return 1
}

serve() {
  ln -sfn "$1" "$app/current.next"
  mv -T "$app/current.next" "$app/current"
  systemctl restart cytodesk.service
}

# Fetches a release beside those that are there.
fetch() {
  local release=$1 folder=$2
  [ -d "$folder" ] && return
  rm -rf "$folder.part"
  mkdir -p "$folder.part"
  chmod 755 "$at/opt" "$app" "$app/releases" "$folder.part"
  aws s3 cp --only-show-errors "$release" "$folder.part.tgz"
  (umask 022 && tar -xzf "$folder.part.tgz" --no-same-owner --strip-components=1 -C "$folder.part")
  rm "$folder.part.tgz"
  mv "$folder.part" "$folder"
}

# Serves a release: on the database as its migrations leave it, or else as it was before, by the release before.
release() {
  local release=$1 name folder before copy=$data/before-release.db migrated='' refused=''
  name=$(basename "$release" .tgz)
  folder=$app/releases/$name
  before=$(readlink "$app/current" || true)
  [ "$before" = "$folder" ] && return
  is_refused "$release" && return
  say "release $name"
  fetch "$release" "$folder"
  systemctl stop cytodesk.service
  if [ -n "$before" ] && [ -e "$data/cytodesk.db" ]; then
    rm -rf "$data/before-release"*
    as_app "$before" dist/database/backup.mjs "$copy" >&2
  fi
  if ! migrated=$(as_app "$folder" dist/database/migrate.mjs deploy); then
    refused="its migrations failed"
  else
    serve "$folder"
    becomes_ready || refused="it did not become ready within a minute"
  fi
  if [ -z "$refused" ]; then
    rm -f "$app/refused"
    find "$app/releases" -mindepth 1 -maxdepth 1 ! -path "$folder" ! -path "${before:-$folder}" -exec rm -rf {} +
    return
  fi
  say "$name is refused: $refused"
  if [ -n "$before" ]; then
    systemctl stop cytodesk.service
    # Without migrations what was saved meanwhile stays.
    if [ "$refused" = "its migrations failed" ] || [[ $migrated == Applied* ]]; then
      as_app "$before" dist/database/restore.mjs "$copy" >&2
    fi
    serve "$before"
  fi
  echo "refused $release: $refused" >"$app/refused"
}

is_refused() { [[ $(cat "$app/refused" 2>/dev/null) == "refused $1: "* ]]; }

# Says in the parameter which release runs, or why the newest does not.
tell() {
  local state=${told[web-release]}
  is_refused "$state" && state=$(cat "$app/refused")
  [ "${told[web-running]:-}" = "$state" ] && return
  aws ssm put-parameter --name "${PARAMETERS}web-running" --type String --overwrite --value "$state" >/dev/null ||
    say "the parameter web-running was not written"
}

measure() {
  local ready=0 used
  is_ready && ready=1
  used=$(df --output=pcent "$data" | tail -1 | tr -dc 0-9)
  aws cloudwatch put-metric-data --namespace "${given[METRICS]}" --metric-data \
    "MetricName=WebReady,Value=$ready,Dimensions=[{Name=service,Value=${given[SERVICE]}}]" \
    "MetricName=WebDiskUsed,Unit=Percent,Value=$used,Dimensions=[{Name=service,Value=${given[SERVICE]}}]" ||
    say "CloudWatch was not told"
}

declare -A told given
mkdir -p "$run" "$app/releases" "$data"
read_parameters
install_packages
mount_volume
install_services
if write_environment && [ -e "$app/current" ]; then
  systemctl restart cytodesk.service
fi
release "${told[web-release]}"
# After a boot nothing has started it.
systemctl is-active -q cytodesk.service || systemctl start cytodesk.service
becomes_ready || say "not ready"
systemctl enable -q --now cytodesk-proxy.socket cytodesk-backup.timer
tell
measure
