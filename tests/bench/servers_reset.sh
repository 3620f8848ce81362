#!/usr/bin/env bash
# Everything as it was before the rollback of every server.
. "$(dirname "$0")/reset.sh"
jobs CONSUMER.PAUSE '{}' >/dev/null
unleash_admin -X POST "$FLAG_ADMIN/on" >/dev/null
search ft.aliasupdate docs_live docs_vB >/dev/null
must '"enabled":true' unleash "$FLAG"
