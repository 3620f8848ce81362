# Sourced by rollback.sh and reset.sh: how each server is spoken to by hand.
. "$(dirname "${BASH_SOURCE[0]}")/../testbed/lib.sh"
EDGE=http://127.0.0.1:$EDGE_PORT
LOOKS=${LOOKS:-1} # agreeing looks per read-back, a tenth of a second apart

redis() { REDISCLI_AUTH=$REDIS_PASS redis-cli --user cockpit -h 127.0.0.1 -p "$REDIS_PORT" "$@"; }

# One command over HAProxy's runtime socket.
haproxy() { socat -t2 - "UNIX-CONNECT:$TB_DATA/haproxy/sock" <<<"$1"; }

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
