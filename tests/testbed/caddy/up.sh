#!/usr/bin/env bash
# Caddy before the arms. Its pointer is the object `live`; a restart is back on green, as the file says.
. "$(dirname "$0")/../lib.sh"
"$TB_SRC/arms/up.sh"
home caddy
if ! alive caddy; then render caddy/caddy.json.in "$TB_DATA/caddy/caddy.json"; fi
export HOME=$TB_DATA/caddy XDG_CONFIG_HOME=$TB_DATA/caddy/config XDG_DATA_HOME=$TB_DATA/caddy/data
start caddy caddy run --config "$TB_DATA/caddy/caddy.json"
ready caddy 20 http "http://127.0.0.1:$CADDY_ADMIN_PORT/config/"
ready caddy 20 listening "$CADDY_PORT"
