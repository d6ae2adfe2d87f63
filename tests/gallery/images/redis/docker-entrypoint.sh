#!/bin/sh
set -eu
case "$1" in
  -* | *.conf) set -- redis-server "$@" ;;
esac
if [ "$1" = redis-server ]; then
  if [ "$(id -u)" = 0 ]; then
    chown -R redis .
    exec setpriv --reuid redis --regid redis --init-groups "$0" "$@"
  fi
  shift
  set -- redis-server "$@" --protected-mode no
fi
exec "$@"
