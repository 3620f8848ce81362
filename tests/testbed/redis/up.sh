#!/usr/bin/env bash
# Redis with a cache namespace, an index alias, and a writer to freeze.
. "$(dirname "$0")/../lib.sh"
home redis
mkdir -p "$TB_DATA/redis/data"
if ! alive redis; then render redis/redis.conf.in "$TB_DATA/redis/redis.conf"; fi
start redis redis-server "$TB_DATA/redis/redis.conf"

redis() { REDISCLI_AUTH=$REDIS_PASS redis-cli --user cockpit -h 127.0.0.1 -p "$REDIS_PORT" "$@"; }
pong() { redis ping | grep -q PONG; }
ready redis 10 pong
redis set cache:ns 'index_hash-green:prompt_ver-green:1' nx >/dev/null
redis set live:alias docs_vB nx >/dev/null
