#!/bin/sh
set -eu
if [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --datadir=/var/lib/mysql --auth-root-authentication-method=normal --skip-test-db >/dev/null
  printf "ALTER USER root@localhost IDENTIFIED BY '%s';\nCREATE DATABASE %s;\n" \
    "$(cat "$MARIADB_ROOT_PASSWORD_FILE")" "$MARIADB_DATABASE" >/var/lib/mysql/first.sql
  exec mariadbd --bind-address=0.0.0.0 --init-file=/var/lib/mysql/first.sql
fi
exec mariadbd --bind-address=0.0.0.0
