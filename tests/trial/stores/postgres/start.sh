#!/bin/sh
set -eu
export PATH="/usr/lib/postgresql/17/bin:$PATH" PGDATA=/var/lib/postgresql/data/pgdata
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username "$POSTGRES_USER" --auth-host scram-sha-256 >/dev/null
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl start --wait --silent --options '-c listen_addresses='
  createdb --username "$POSTGRES_USER" --maintenance-db postgres "$POSTGRES_DB"
  if [ -n "${POSTGRES_PASSWORD:-}" ]; then
    echo "ALTER ROLE CURRENT_USER PASSWORD :'given'" | psql --quiet --username "$POSTGRES_USER" --set given="$POSTGRES_PASSWORD" "$POSTGRES_DB"
  fi
  pg_ctl stop --wait --silent
fi
exec postgres -c 'listen_addresses=*' -c unix_socket_directories=/var/run/postgresql
