#!/usr/bin/env bash
# BIND as the primary of docs.test, which takes updates signed with the key, and as the secondary that users ask.
. "$(dirname "$0")/../lib.sh"
for name in named named-edge; do
  home "$name"
  alive "$name" || render "named/$name.conf.in" "$TB_DATA/$name/named.conf"
done
[ -e "$TB_DATA/named/docs.test" ] || render named/docs.test.in "$TB_DATA/named/docs.test"
printf 'key "goaround" { algorithm hmac-sha256; secret "%s"; };\n' "$DNS_SECRET" >"$TB_DATA/named/key"
answers() { told "$1" live.docs.test CNAME; }
start named named -g -c "$TB_DATA/named/named.conf"
ready named 10 answers "$NAMED_PORT"
start named-edge named -g -c "$TB_DATA/named-edge/named.conf"
ready named-edge 10 answers "$NAMED_EDGE_PORT"
