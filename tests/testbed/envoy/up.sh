#!/usr/bin/env bash
# Envoy before the arms, on green at first.
. "$(dirname "$0")/../lib.sh"
"$TB_SRC/arms/up.sh"
home envoy
if ! alive envoy; then render envoy/envoy.yaml.in "$TB_DATA/envoy/envoy.yaml"; fi
start envoy "$TB_TOOLS/envoy/envoy/_bin/envoy" -c "$TB_DATA/envoy/envoy.yaml" --concurrency 1 --use-dynamic-base-id -l warning
ready envoy 20 http "http://127.0.0.1:$ENVOY_ADMIN_PORT/ready"
