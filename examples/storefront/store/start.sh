#!/bin/sh
# The password comes from a secret file and never stands on a command line: the configuration is read from stdin.
set -eu
umask 077
: "${STORE_PASSWORD_FILE:?is missing or empty}"
password=$(cat "$STORE_PASSWORD_FILE") || { echo "STORE_PASSWORD_FILE cannot be read" >&2; exit 1; }
[ -n "$password" ] || { echo "STORE_PASSWORD_FILE names an empty file" >&2; exit 1; }
exec valkey-server - <<CONF
bind * -::*
dir /data
appendonly yes
appendfsync always
requirepass $password
CONF
