#!/usr/bin/env bash
# Starts the whole testbed: a blue and a bad green arm behind HAProxy, Redis, Prometheus, and bounded load.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TB_DATA"/{haproxy,redis/data,prometheus,flags}

start blue python3 "$TB_SRC/app.py" --arm blue --port "$BLUE_PORT"
start green python3 "$TB_SRC/app.py" --arm green --port "$GREEN_PORT" --sick

if ! alive redis; then render redis.conf.in "$TB_DATA/redis/redis.conf"; fi
start redis redis-server "$TB_DATA/redis/redis.conf"

if ! alive haproxy; then
  echo "live be_green" >"$TB_DATA/haproxy/live.map"
  echo "rps 100000" >"$TB_DATA/haproxy/limit.map"
  render haproxy.cfg.in "$TB_DATA/haproxy/haproxy.cfg"
fi
start haproxy haproxy -db -f "$TB_DATA/haproxy/haproxy.cfg"

if ! alive prometheus; then
  render prometheus.yml.in "$TB_DATA/prometheus/prometheus.yml"
  PROM_PASS=$PROM_PASS perl -e 'my $salt = substr(unpack("H*", pack("d*", rand, rand, rand)), 0, 22);
    print "basic_auth_users: { ops: \"", crypt($ENV{PROM_PASS}, "\$2b\$04\$$salt"), "\" }\n"' >"$TB_DATA/prometheus/web.yml"
fi
start prometheus prometheus --config.file="$TB_DATA/prometheus/prometheus.yml" \
  --web.config.file="$TB_DATA/prometheus/web.yml" --storage.tsdb.path="$TB_DATA/prometheus/data" \
  --web.listen-address="127.0.0.1:$PROM_PORT" --query.timeout=10s --log.level=warn

[ -s "$TB_DATA/flags/prompt_pack.json" ] || echo '{"prompt_pack_vNplus1":"on"}' >"$TB_DATA/flags/prompt_pack.json"
[ -s "$TB_DATA/flags/pins.txt" ] || echo 'canary-set' >"$TB_DATA/flags/pins.txt"

http() { curl -fsS -m 2 -o /dev/null "$@"; }
redis() { REDISCLI_AUTH=$REDIS_PASS redis-cli --user cockpit -h 127.0.0.1 -p "$REDIS_PORT" "$@"; }
pong() { redis ping | grep -q PONG; }
ready blue 10 http "http://127.0.0.1:$BLUE_PORT/healthz"
ready green 10 http "http://127.0.0.1:$GREEN_PORT/healthz"
ready redis 10 pong
redis set cache:ns 'index_hash-green:prompt_ver-green:1' nx >/dev/null
redis set live:alias docs_vB nx >/dev/null
ready haproxy 10 http "http://127.0.0.1:$EDGE_PORT/healthz"
start load python3 "$TB_SRC/load.py" "http://127.0.0.1:$EDGE_PORT/answer" "${TB_RPS:-40}" "$TB_LIFE"
ready prometheus 20 http -u "ops:$PROM_PASS" "http://127.0.0.1:$PROM_PORT/-/ready"
