#!/usr/bin/env bash
# Everything as it was before the rollback: green in service, and sick.
. "$(dirname "$0")/calls.sh"
haproxy "set map $TB_DATA/haproxy/limit.map rps 100000" >/dev/null
haproxy "set map $TB_DATA/haproxy/live.map live be_green" >/dev/null
redis acl setuser writer +@write -@admin -@dangerous >/dev/null
redis set cache:ns index_hash-green:prompt_ver-green:1 >/dev/null
redis set live:alias docs_vB >/dev/null
echo '{"prompt_pack_vNplus1":"on"}' >"$TB_DATA/flags/prompt_pack.json"
echo canary-set >"$TB_DATA/flags/pins.txt"
must '"arm": "green"' curl -fsS -m 3 "$EDGE/pins"
