#!/bin/sh
set -eu
if [ "$(id -u)" = 0 ] && [ "$1" = rabbitmq-server ]; then
  chown -R rabbitmq /var/lib/rabbitmq
  exec setpriv --reuid rabbitmq --regid rabbitmq --init-groups "$0" "$@"
fi
if [ "$1" = rabbitmq-server ]; then
  {
    echo 'loopback_users.guest = false'
    echo "default_user = ${RABBITMQ_DEFAULT_USER:-guest}"
    echo "default_pass = ${RABBITMQ_DEFAULT_PASS:-guest}"
    if [ -n "${RABBITMQ_DEFAULT_VHOST:-}" ]; then echo "default_vhost = $RABBITMQ_DEFAULT_VHOST"; fi
    echo 'log.console = true'
  } >/tmp/rabbitmq.conf
fi
exec "$@"
