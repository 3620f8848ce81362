#!/usr/bin/env bash
# nginx before the arms, on green at first; nginx.pid is whom to send HUP.
. "$(dirname "$0")/../lib.sh"
"$TB_SRC/arms/up.sh"
home nginx
mkdir -p "$TB_DATA/nginx/tmp"
echo "server 127.0.0.1:$BLUE_PORT;" >"$TB_DATA/nginx/blue.conf"
echo "server 127.0.0.1:$GREEN_PORT;" >"$TB_DATA/nginx/green.conf"
[ -L "$TB_DATA/nginx/live.conf" ] || ln -s green.conf "$TB_DATA/nginx/live.conf"
[ -e "$TB_DATA/nginx/limit.conf" ] || : >"$TB_DATA/nginx/limit.conf"
if ! alive nginx; then render nginx/nginx.conf.in "$TB_DATA/nginx/nginx.conf"; fi
SIGNAL=QUIT start nginx nginx -e stderr -c "$TB_DATA/nginx/nginx.conf"
ready nginx 10 listening "$NGINX_PORT"
