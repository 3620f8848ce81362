#!/usr/bin/env bash
# A receiver of messages: a recorder for webhooks, not a copy of any service.
. "$(dirname "$0")/../lib.sh"
start hook python3 "$TB_SRC/hook/hook.py" "$HOOK_PORT" "$TB_DATA/hook/posts.jsonl"
ready hook 10 http "http://127.0.0.1:$HOOK_PORT/"
