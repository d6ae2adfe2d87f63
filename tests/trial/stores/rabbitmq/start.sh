#!/bin/sh
set -eu
{
  echo 'loopback_users = none'
  echo "default_user = $RABBITMQ_DEFAULT_USER"
  echo "default_pass = $(cat "$RABBITMQ_DEFAULT_PASS_FILE")"
  echo 'log.console = true'
} >/tmp/rabbitmq.conf
export RABBITMQ_CONFIG_FILE=/tmp/rabbitmq RABBITMQ_LOGS=-
exec /usr/lib/rabbitmq/bin/rabbitmq-server
