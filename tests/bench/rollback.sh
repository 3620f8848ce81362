#!/usr/bin/env bash
# Steps 1 to 6 of the checklist as a careful script does them: each acts and reads back. Prints microseconds.
. "$(dirname "$0")/calls.sh"
evidence=$1
mkdir -p "$evidence"
began=${EPOCHREALTIME/[.,]/}

# 1 capture
curl -fsS -m 3 "$EDGE/pins" >"$evidence/pins.json"
was=$(redis get cache:ns)
{
  echo "alias $(redis get live:alias)"
  echo "namespace $was"
  cat "$TB_DATA/flags/prompt_pack.json"
  query 'rag_delta_s{arm="green"}'
  query 'rag_coverage{arm="green"}'
} >"$evidence/state.txt"

# 2 freeze writers
redis acl setuser writer -@write >/dev/null
must 'no permissions' redis acl dryrun writer set cache:ns x

# 3 pick: the pointer. 4 flip it
haproxy "set map $TB_DATA/haproxy/live.map live be_blue" >/dev/null
must '"arm": "blue"' curl -fsS -m 3 "$EDGE/pins"

# 5 rotate the namespace, if nobody else has
now="index_hash-blue:prompt_ver-blue:$began"
swapped=$(redis eval "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) return 1 end return 0" 1 cache:ns "$was" "$now")
[ "$swapped" = 1 ]
must "$now" redis get cache:ns

# 6 throttle
haproxy "set map $TB_DATA/haproxy/limit.map rps 20" >/dev/null
must 'value="20"' haproxy "get map $TB_DATA/haproxy/limit.map rps"

echo $((${EPOCHREALTIME/[.,]/} - began))
