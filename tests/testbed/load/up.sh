#!/usr/bin/env bash
# Bounded load on the edge, TB_RPS requests a second.
. "$(dirname "$0")/../lib.sh"
start load python3 "$TB_SRC/load/load.py" "http://127.0.0.1:$EDGE_PORT/answer" "${TB_RPS:-40}" "$TB_LIFE"
