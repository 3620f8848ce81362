#!/usr/bin/env bash
# Alertmanager, telling the hook.
. "$(dirname "$0")/../lib.sh"
"$TB_SRC/hook/up.sh"
home alertmanager
if ! alive alertmanager; then render alertmanager/alertmanager.yml.in "$TB_DATA/alertmanager/alertmanager.yml"; fi
start alertmanager prometheus-alertmanager --config.file="$TB_DATA/alertmanager/alertmanager.yml" \
  --storage.path="$TB_DATA/alertmanager/data" --web.listen-address="127.0.0.1:$ALERTMANAGER_PORT" \
  --cluster.listen-address= --log.level=warn
ready alertmanager 20 http "http://127.0.0.1:$ALERTMANAGER_PORT/-/ready"
