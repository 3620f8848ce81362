#!/usr/bin/env bash
# The seven steps on every server as a careful script does them: each acts and reads back. Prints microseconds.
. "$(dirname "$0")/calls.sh"
evidence=$1
mkdir -p "$evidence"
began=${EPOCHREALTIME/[.,]/}

# 1 capture
curl -fsS -m 3 "$EDGE/pins" >"$evidence/pins.json"
was=$(redis get cache:ns)
{
  echo "namespace $was"
  search ft.info docs_live | head -2
  unleash "$FLAG"
  query 'rag_delta_s{arm="green"}'
  query 'rag_coverage{arm="green"}'
} >"$evidence/state.txt"

# 2 freeze writers and workers
redis acl setuser writer -@write >/dev/null
must 'no permissions' redis acl dryrun writer set cache:ns x
jobs CONSUMER.PAUSE "{\"pause_until\":\"$(date -u -d '+30 min' +%Y-%m-%dT%H:%M:%SZ)\"}" >/dev/null
must '"paused":true' jobs CONSUMER.INFO

# 3 the fastest lever
unleash_admin -X POST "$FLAG_ADMIN/off" >/dev/null
must '"enabled":false' unleash "$FLAG"

# 4 flip the pointer, then the alias
haproxy "set map $TB_DATA/haproxy/live.map live be_blue" >/dev/null
must '"arm": "blue"' curl -fsS -m 3 "$EDGE/pins"
search ft.aliasupdate docs_live docs_vA >/dev/null
must 'docs_vA' search ft.info docs_live

# 5 rotate the namespace, if nobody else has
now="index_hash-blue:prompt_ver-blue:$began"
swapped=$(redis eval "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) return 1 end return 0" 1 cache:ns "$was" "$now")
[ "$swapped" = 1 ]
must "$now" redis get cache:ns

# 6 throttle
haproxy "set map $TB_DATA/haproxy/limit.map rps 20" >/dev/null
must 'value="20"' haproxy "get map $TB_DATA/haproxy/limit.map rps"

echo $((${EPOCHREALTIME/[.,]/} - began))
