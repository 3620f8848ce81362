#!/usr/bin/env bash
# Unbound: a resolver that keeps the primary's answers for as long as their time to live.
. "$(dirname "$0")/../lib.sh"
"$TB_SRC/named/up.sh"
home unbound
alive unbound || render unbound/unbound.conf.in "$TB_DATA/unbound/unbound.conf"
# A name that nobody moves: what is asked here is kept.
answers() { told "$UNBOUND_PORT" ns.docs.test A; }
start unbound unbound -d -p -c "$TB_DATA/unbound/unbound.conf"
ready unbound 10 answers
