#!/usr/bin/env bash
# Prometheus, behind a password, scraping the arms and the edge every second, whether they are up or not.
. "$(dirname "$0")/../lib.sh"
home prometheus
if ! alive prometheus; then
  render prometheus/prometheus.yml.in "$TB_DATA/prometheus/prometheus.yml"
  PROM_PASS=$PROM_PASS perl -e 'my $salt = substr(unpack("H*", pack("d*", rand, rand, rand)), 0, 22);
    print "basic_auth_users: { ops: \"", crypt($ENV{PROM_PASS}, "\$2b\$04\$$salt"), "\" }\n"' >"$TB_DATA/prometheus/web.yml"
fi
start prometheus prometheus --config.file="$TB_DATA/prometheus/prometheus.yml" \
  --web.config.file="$TB_DATA/prometheus/web.yml" --storage.tsdb.path="$TB_DATA/prometheus/data" \
  --web.listen-address="127.0.0.1:$PROM_PORT" --query.timeout=10s --log.level=warn
ready prometheus 20 http -u "ops:$PROM_PASS" "http://127.0.0.1:$PROM_PORT/-/ready"
