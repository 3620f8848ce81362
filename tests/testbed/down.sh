#!/usr/bin/env bash
# Ends everything up.sh started, and nothing else. The data stay.
. "$(dirname "$0")/lib.sh"
for ((i = ${#TB_SERVERS[@]} - 1; i >= 0; i--)); do stop "${TB_SERVERS[i]}"; done
