#!/usr/bin/env bash
# The two arms of the service, blue sound and green sick, and the flag files they would read.
. "$(dirname "$0")/../lib.sh"
start blue python3 "$TB_SRC/arms/app.py" --arm blue --port "$BLUE_PORT"
start green python3 "$TB_SRC/arms/app.py" --arm green --port "$GREEN_PORT" --sick

home flags
[ -s "$TB_DATA/flags/prompt_pack.json" ] || echo '{"prompt_pack_vNplus1":"on"}' >"$TB_DATA/flags/prompt_pack.json"
[ -s "$TB_DATA/flags/pins.txt" ] || echo 'canary-set' >"$TB_DATA/flags/pins.txt"

ready blue 10 http "http://127.0.0.1:$BLUE_PORT/healthz"
ready green 10 http "http://127.0.0.1:$GREEN_PORT/healthz"
