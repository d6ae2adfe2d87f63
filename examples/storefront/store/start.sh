#!/bin/sh
# The password comes from a secret file and never stands on a command line: the configuration is read from stdin.
set -eu
umask 077
exec valkey-server - <<CONF
bind * -::*
dir /data
appendonly yes
appendfsync always
requirepass $(cat "$STORE_PASSWORD_FILE")
CONF
