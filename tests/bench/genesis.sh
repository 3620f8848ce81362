#!/usr/bin/env bash
# The five stages as seed 004 writes them, with its sleeps, each a twentieth as long. Prints the
# microseconds that stages two to five took, in a line.
set -euo pipefail
service=$1
scaled() { sleep "$(awk "BEGIN { print $1 / 20 }")"; }
errors() { curl -fsS "$service/metrics" | awk '/^errors/ { print $2 }'; }
began=${EPOCHREALTIME/[.,]/}
took=()
over() {
  local now=${EPOCHREALTIME/[.,]/}
  took+=($((now - began)))
  began=$now
}

# 2 drain
curl -fsS -X POST "$service/flag" >/dev/null
scaled 30
active=$(curl -fsS "$service/metrics" | awk '/^genesis_active_requests/ { print $2 }')
if [ "$active" -gt 10 ]; then scaled 30; fi
over

# 3 service
curl -fsS -X POST "$service/down" >/dev/null
curl -fsS -X POST "$service/up" >/dev/null
scaled 10
over

# 4 verification
scaled 30
for _ in 1 2 3 4 5 6 7 8 9 10; do
  if curl -fsS "$service/health" >/dev/null 2>&1; then break; fi
  scaled 10
done
scaled 10
over

# 5 SLOs, once more after a minute
if awk "BEGIN { exit !($(errors) >= 0.001) }"; then scaled 60; fi
if awk "BEGIN { exit !($(errors) >= 0.001) }"; then exit 1; fi
over
echo "${took[@]}"
