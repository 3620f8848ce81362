#!/usr/bin/env bash
# supervisord, and a service whose git work tree has a good commit, tagged last-good, and a bad one; the
# service also reads an environment file.
. "$(dirname "$0")/../lib.sh"
home supervisor
tree=$TB_DATA/supervisor/worktree
# Nobody's habits: no hooks, no signatures, no names from the machine's own configuration.
git() { GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null command git -C "$tree" -c user.name=testbed -c user.email=testbed@localhost "$@"; }
version() { # NAME
  echo "$1" >"$tree/VERSION"
  git add -A
  git commit -q -m "$1"
}
if [ ! -s "$TB_DATA/supervisor/seeded" ]; then
  rm -rf "$tree"
  mkdir "$tree"
  git init -q -b main
  cp "$TB_SRC/supervisor/service.py" "$tree"
  version v1-good
  git tag last-good
  version v2-bad
  printf '%s\n' STUDENT_V2_CANARY=true STUDENT_MODEL=v2 >"$TB_DATA/supervisor/service.env"
  echo yes >"$TB_DATA/supervisor/seeded"
fi
if ! alive supervisor; then
  render supervisor/supervisord.conf.in "$TB_DATA/supervisor/supervisord.conf"
  start supervisor supervisord -c "$TB_DATA/supervisor/supervisord.conf"
  # Only now: later the service may have been stopped on purpose.
  ready supervisor 20 http "http://127.0.0.1:$SERVICE_PORT/"
fi
ready supervisor 20 http -u "ops:$SUPERVISOR_PASS" "http://127.0.0.1:$SUPERVISOR_PORT/"
