#!/usr/bin/env bash
# etcd with three pointers: live/arm, live/alias, cache/ns.
. "$(dirname "$0")/../lib.sh"
client=http://127.0.0.1:$ETCD_PORT peer=http://127.0.0.1:$ETCD_PEER_PORT
start etcd etcd --name testbed --data-dir "$TB_DATA/etcd/data" --log-level warn \
  --listen-client-urls "$client" --advertise-client-urls "$client" \
  --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "testbed=$peer"
healthy() { curl -fsS -m 2 "$client/health" | grep -q '"true"'; }
ready etcd 30 healthy

put_new() { # KEY VALUE; leaves one that is there as it is
  local key value
  key=$(printf %s "$1" | base64)
  value=$(printf %s "$2" | base64)
  http "$client/v3/kv/txn" -d '{"compare":[{"key":"'"$key"'","target":"CREATE","create_revision":"0"}],
    "success":[{"request_put":{"key":"'"$key"'","value":"'"$value"'"}}]}'
}
put_new live/arm green
put_new live/alias docs_vB
put_new cache/ns ns-1
