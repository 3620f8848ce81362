# Sourced by up.sh and down.sh. Everything lives below TB_DATA and listens on 127.0.0.1, ports counted from TB_BASE.
set -euo pipefail
TB_SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TB_DATA=${TB_DATA:-/tmp/goaround-testbed}
TB_BASE=${TB_BASE:-17000}
TB_LIFE=${TB_LIFE:-900} # seconds after which everything ends by itself
REDIS_PASS=${REDIS_PASS:-redispass}
PROM_PASS=${PROM_PASS:-opspass}
BLUE_PORT=$((TB_BASE + 1))
GREEN_PORT=$((TB_BASE + 2))
REDIS_PORT=$((TB_BASE + 79))
EDGE_PORT=$((TB_BASE + 82))
EDGE_METRICS_PORT=$((TB_BASE + 86))
PROM_PORT=$((TB_BASE + 90))

# In the order they start; they are stopped in reverse.
TB_SERVERS=(blue green redis haproxy prometheus load)

now_ms() { date +%s%3N; }

# The start time of a process that runs: makes a recorded pid safe against reuse. One that has ended and
# waits for its parent's notice counts as gone.
born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }

alive() { # NAME
  local pid birth
  [ -s "$TB_DATA/$1/pid" ] || return 1
  read -r pid birth <"$TB_DATA/$1/pid"
  [ -n "$birth" ] && [ "$(born "$pid")" = "$birth" ]
}

start() { # NAME COMMAND...
  local name=$1 dir=$TB_DATA/$1 pid
  shift
  alive "$name" && return 0
  mkdir -p "$dir"
  setsid timeout --kill-after=5 "$TB_LIFE" "$@" >>"$dir/log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(born "$pid")" >"$dir/pid"
}

ready() { # NAME SECONDS COMMAND...
  local name=$1 from end
  from=$(now_ms)
  end=$((from + $2 * 1000))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! alive "$name" || [ "$(now_ms)" -ge "$end" ]; then
      echo "$name is not ready; the end of $TB_DATA/$name/log:" >&2
      tail -n 5 "$TB_DATA/$name/log" >&2
      return 1
    fi
    sleep 0.05
  done
  echo "$name ready after $(($(now_ms) - from)) ms"
}

stop() { # NAME; ends only the process recorded at its start
  local pid
  if alive "$1"; then
    read -r pid _ <"$TB_DATA/$1/pid"
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 60); do
      alive "$1" || break
      sleep 0.05
    done
    # The group: TERM was passed on to the server, and one that ignored it must not outlive its keeper.
    if alive "$1"; then kill -KILL -- "-$pid" 2>/dev/null || true; fi
  fi
  rm -f "$TB_DATA/$1/pid"
}

# A configuration from its template.
render() { # TEMPLATE TARGET
  sed -e "s|@DATA@|$TB_DATA|g" -e "s|@BLUE_PORT@|$BLUE_PORT|g" -e "s|@GREEN_PORT@|$GREEN_PORT|g" \
    -e "s|@REDIS_PORT@|$REDIS_PORT|g" -e "s|@REDIS_PASS@|$REDIS_PASS|g" -e "s|@EDGE_PORT@|$EDGE_PORT|g" \
    -e "s|@EDGE_METRICS_PORT@|$EDGE_METRICS_PORT|g" "$TB_SRC/$1" >"$2"
}
