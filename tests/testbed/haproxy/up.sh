#!/usr/bin/env bash
# HAProxy as the edge. Its maps live in its memory: a restart is back on green, unthrottled.
. "$(dirname "$0")/../lib.sh"
"$TB_SRC/arms/up.sh"
home haproxy
if ! alive haproxy; then
  echo "live be_green" >"$TB_DATA/haproxy/live.map"
  echo "rps 100000" >"$TB_DATA/haproxy/limit.map"
  render haproxy/haproxy.cfg.in "$TB_DATA/haproxy/haproxy.cfg"
fi
start haproxy haproxy -db -f "$TB_DATA/haproxy/haproxy.cfg"
# Not through the pointer: where that leads is the business of who set it.
ready haproxy 10 http "http://127.0.0.1:$EDGE_METRICS_PORT/metrics"
