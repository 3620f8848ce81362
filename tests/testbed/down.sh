#!/usr/bin/env bash
# Ends everything that was started, the latest first, and nothing else. The data stay.
. "$(dirname "$0")/lib.sh"
[ -d "$TB_DATA" ] || exit 0
find "$TB_DATA" -mindepth 2 -maxdepth 2 -name pid -printf '%T@ %P\n' | sort -rn | while read -r _ file; do
  stop "${file%/pid}"
done
