#!/usr/bin/env bash
# RabbitMQ with its management API: users ops and writer, queue jobs. An epmd of its own, so that nothing is left over.
. "$(dirname "$0")/../lib.sh"
server=$(find /usr/lib/rabbitmq/lib -maxdepth 1 -name 'rabbitmq_server-*' | sort -V | tail -n 1)
mapfile -t as < <(become rabbitmq)
home rabbitmq
here=$TB_DATA/rabbitmq
mkdir -p "$here/home" "$here/db" "$here/logs"
[ "$(id -u)" != 0 ] || chown rabbitmq "$here/home" "$here/db" "$here/logs"
if ! alive rabbitmq; then
  render rabbitmq/rabbitmq.conf.in "$here/rabbitmq.conf"
  echo '[rabbitmq_management].' >"$here/plugins"
fi
export HOME=$here/home ERL_EPMD_PORT=$EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1
export RABBITMQ_NODENAME=testbed@localhost RABBITMQ_DIST_PORT=$RABBITMQ_PEER_PORT
export RABBITMQ_CONFIG_FILE=$here/rabbitmq.conf RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_ENABLED_PLUGINS_FILE=$here/plugins
export RABBITMQ_MNESIA_BASE=$here/db RABBITMQ_LOG_BASE=$here/logs RABBITMQ_LOGS=-
export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none'
start epmd "${as[@]}" epmd -address 127.0.0.1 -port "$EPMD_PORT"
start rabbitmq "${as[@]}" "$server/sbin/rabbitmq-server"

api=http://127.0.0.1:$RABBITMQ_API_PORT/api
ops() { http -u "ops:$RABBITMQ_PASS" -H 'Content-Type: application/json' "$@"; }
ready rabbitmq 120 ops "$api/aliveness-test/%2F"
ready rabbitmq 20 listening "$RABBITMQ_PORT"
# Only at first: a second start must not thaw a writer that was frozen.
if [ ! -s "$here/seeded" ]; then
  ops -X PUT "$api/users/writer" -d '{"password":"writerpass","tags":""}'
  ops -X PUT "$api/permissions/%2F/writer" -d '{"configure":"^$","write":".*","read":".*"}'
  ops -X PUT "$api/queues/%2F/jobs" -d '{"durable":true}'
  echo yes >"$here/seeded"
fi
