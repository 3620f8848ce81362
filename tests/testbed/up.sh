#!/usr/bin/env bash
# Starts the servers named, each with what it needs, or else a blue and a bad green arm behind HAProxy, Redis,
# Prometheus, and bounded load.
. "$(dirname "$0")/lib.sh"
[ $# -gt 0 ] || set -- arms redis haproxy prometheus load
for server in "$@"; do "$TB_SRC/$server/up.sh"; done
