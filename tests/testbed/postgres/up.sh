#!/usr/bin/env bash
# PostgreSQL, a cluster of its own: superuser ops, databases rag and unleash, passwords over TCP only. Settings that
# somebody put into own.conf come on top, and may name certificates beside it.
. "$(dirname "$0")/../lib.sh"
programs=$(find /usr/lib/postgresql -path '*/bin/postgres' -printf '%h\n' | sort -V | tail -n 1)
mapfile -t as < <(become postgres)
data=$TB_DATA/postgres/data

home postgres
if [ ! -s "$TB_DATA/postgres/made" ]; then
  rm -rf "$data"
  mkdir -m 700 "$data"
  [ "$(id -u)" != 0 ] || chown postgres "$data"
  echo "$POSTGRES_PASS" >"$TB_DATA/postgres/password"
  (cd "$TB_DATA/postgres" && "${as[@]}" "$programs/initdb" -D "$data" -U ops --pwfile=password \
    -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync) >"$TB_DATA/postgres/initdb.log" 2>&1
  if [ -e "$TB_DATA/postgres/own.conf" ]; then
    cat "$TB_DATA/postgres/own.conf" >>"$data/postgresql.conf"
    [ "$(id -u)" != 0 ] || chown postgres "$TB_DATA"/postgres/*.pem
  fi
  echo yes >"$TB_DATA/postgres/made"
fi
# INT ends the sessions that are open; on TERM it would wait for them.
SIGNAL=INT start postgres "${as[@]}" "$programs/postgres" -D "$data" -c listen_addresses=127.0.0.1 \
  -c port="$POSTGRES_PORT" -c unix_socket_directories= -c fsync=off -c shared_buffers=32MB -c autovacuum=off

export PGPASSWORD=$POSTGRES_PASS PGHOST=127.0.0.1 PGPORT=$POSTGRES_PORT PGUSER=ops
ready postgres 30 psql -d postgres -qc 'select 1'
for database in rag unleash; do
  [ -n "$(psql -d postgres -Atc "select 1 from pg_database where datname = '$database'")" ] ||
    psql -d postgres -qc "create database $database"
done
psql -d rag -q -v ON_ERROR_STOP=1 -f "$TB_SRC/postgres/rag.sql"
