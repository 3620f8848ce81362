# shellcheck shell=bash
# Sourced by every script here. Everything lives below TB_DATA and listens on 127.0.0.1, on the ports of ports.env.
set -euo pipefail
TB_SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TB_DATA=$(realpath -ms "${TB_DATA:-/tmp/goaround-testbed}")
TB_TOOLS=$(realpath -ms "${TB_TOOLS:-$TB_SRC/../../target/tools}") # what install.sh fetched
TB_BASE=${TB_BASE:-17000}
TB_LIFE=${TB_LIFE:-900} # seconds after which everything ends by itself
PATH=$PATH:/usr/sbin    # where Debian keeps servers, and an ordinary account does not look

# Made-up words that guard nothing.
REDIS_PASS=${REDIS_PASS:-redispass}
REDISEARCH_PASS=${REDISEARCH_PASS:-searchpass}
PROM_PASS=${PROM_PASS:-opspass}
POSTGRES_PASS=${POSTGRES_PASS:-pgpass}
NATS_TOKEN=${NATS_TOKEN:-natstoken}
RABBITMQ_PASS=${RABBITMQ_PASS:-rabbitpass}
SUPERVISOR_PASS=${SUPERVISOR_PASS:-suppass}
DNS_SECRET=${DNS_SECRET:-Z29hcm91bmQ=}
UNLEASH_TOKEN=${UNLEASH_TOKEN:-'*:*.admin-token'}
UNLEASH_CLIENT_TOKEN=${UNLEASH_CLIENT_TOKEN:-default:production.client-token}

TB_PORTS=()
while IFS='=' read -r name offset; do
  [[ $name == *_PORT ]] || continue
  declare "$name=$((TB_BASE + offset))"
  TB_PORTS+=("$name")
done <"$TB_SRC/ports.env"

now_ms() { date +%s%3N; }

# A server's own folder, which also the account it runs as can reach.
home() { # NAME
  mkdir -p "$TB_DATA/$1"
  chmod a+rx "$TB_DATA" "$TB_DATA/$1"
}

# What to put before a command that refuses to run as root: nothing, unless we are root.
become() { # ACCOUNT
  [ "$(id -u)" != 0 ] || printf '%s\n' setpriv "--reuid=$1" "--regid=$1" --clear-groups
}

# The start time of a process that runs: makes a recorded pid safe against reuse. One that has ended and
# waits for its parent's notice counts as gone.
born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'; }

alive() { # NAME
  local pid birth
  [ -s "$TB_DATA/$1/pid" ] || return 1
  read -r pid birth _ <"$TB_DATA/$1/pid"
  [ -n "$birth" ] && [ "$(born "$pid")" = "$birth" ]
}

# SIGNAL in the environment is what ends the server in order, where it is not TERM.
start() { # NAME COMMAND...
  local name=$1 dir=$TB_DATA/$1 signal=${SIGNAL:-TERM} pid
  shift
  alive "$name" && return 0
  home "$name"
  # In its own folder: the one we were called from may be closed to the account the server runs as.
  (cd "$dir" && exec setsid timeout --signal="$signal" --kill-after=10 "$TB_LIFE" "$@") >>"$dir/log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(born "$pid") $signal" >"$dir/pid"
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
  local pid signal
  if alive "$1"; then
    read -r pid _ signal <"$TB_DATA/$1/pid"
    kill -"$signal" "$pid" 2>/dev/null || true
    for _ in $(seq 200); do
      alive "$1" || break
      sleep 0.05
    done
    # The session: the signal was passed on to the server, and one that ignored it must not outlive its keeper.
    if alive "$1"; then pkill -KILL -s "$pid" || true; fi
  fi
  rm -f "$TB_DATA/$1/pid"
}

# A configuration from its template: @NAME@ is the variable of that name.
render() { # TEMPLATE TARGET
  local text name
  text=$(<"$TB_SRC/$1")
  while [[ $text =~ @([A-Z_]+)@ ]]; do
    name=${BASH_REMATCH[1]}
    text=${text//"@$name@"/"${!name}"}
  done
  printf '%s\n' "$text" >"$2"
}

# For the fast question whether a server is there at all.
listening() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # PORT

http() { curl -fsS -m 5 -o /dev/null "$@"; }

# Whether a name server has an answer. Where it has none dig prints why, as if that were one, but does not end well.
told() { # PORT NAME TYPE
  local said
  said=$(dig +short +tries=1 +time=1 -p "$1" @127.0.0.1 "$2" "$3") && [ -n "$said" ]
}
