#!/usr/bin/env bash
# The fault proxy: every X_PORT that has a FAULT_X_PORT in ports.env, whether its server is up or not.
. "$(dirname "$0")/../lib.sh"
pairs=()
for name in "${TB_PORTS[@]}"; do
  [[ $name == FAULT_*_PORT ]] || continue
  target=${name#FAULT_}
  pairs+=("${!name}=${!target}")
done
start fault python3 "$TB_SRC/fault/proxy.py" "$FAULT_PORT" "${pairs[@]}"
ready fault 10 http "http://127.0.0.1:$FAULT_PORT/"
