# Sourced by rollback.sh and reset.sh: how each server is spoken to by hand.
. "$(dirname "${BASH_SOURCE[0]}")/../testbed/lib.sh"
EDGE=http://127.0.0.1:$EDGE_PORT
LOOKS=${LOOKS:-1} # agreeing looks per read-back, a tenth of a second apart

redis() { REDISCLI_AUTH=$REDIS_PASS redis-cli --user cockpit -h 127.0.0.1 -p "$REDIS_PORT" "$@"; }

# One command over HAProxy's runtime socket.
haproxy() { socat -t2 - "UNIX-CONNECT:$TB_DATA/haproxy/sock" <<<"$1"; }

# RediSearch, one question to NATS about the workers, and Unleash as its services and as its administrator see it.
search() { REDISCLI_AUTH=$REDISEARCH_PASS redis-cli -h 127.0.0.1 -p "$REDISEARCH_PORT" "$@"; }
jobs() { NATS_TOKEN=$NATS_TOKEN python3 "$TB_SRC/nats/ask.py" "$NATS_PORT" "\$JS.API.$1.jobs.worker" "${2:-}"; }
FLAG=http://127.0.0.1:$UNLEASH_PORT/api/client/features/prompt_pack_vNplus1
FLAG_ADMIN=http://127.0.0.1:$UNLEASH_PORT/api/admin/projects/default/features/prompt_pack_vNplus1/environments/production
unleash() { curl -fsS -m 3 -H "Authorization: $UNLEASH_CLIENT_TOKEN" "$@"; }
unleash_admin() { curl -fsS -m 3 -H "Authorization: $UNLEASH_TOKEN" -H 'Content-Type: application/json' "$@"; }

query() { # PROMQL
  curl -fsS -m 3 -u "ops:$PROM_PASS" -G "http://127.0.0.1:$PROM_PORT/api/v1/query" --data-urlencode "query=$1"
}

must() { # WANTED COMMAND...; the command's output must hold WANTED, LOOKS times in a row
  local wanted=$1 saw look
  shift
  for ((look = 1; look <= LOOKS; look++)); do
    if ((look > 1)); then sleep 0.1; fi
    saw=$("$@" 2>&1) || true
    if [[ $saw != *"$wanted"* ]]; then
      echo "READ-BACK FAILED: $*: got '$saw', want '$wanted'" >&2
      exit 1
    fi
  done
}
