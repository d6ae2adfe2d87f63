#!/bin/sh
set -eu
if [ "$(id -u)" = 0 ] && [ "$1" = postgres ]; then
  mkdir -p "$PGDATA"
  chown -R postgres "$PGDATA"
  chmod 700 "$PGDATA"
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi
if [ "$1" = postgres ]; then
  POSTGRES_USER="${POSTGRES_USER:-postgres}"
  POSTGRES_DB="${POSTGRES_DB:-$POSTGRES_USER}"
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then POSTGRES_PASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")"; fi
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    method=scram-sha-256
    if [ "${POSTGRES_HOST_AUTH_METHOD:-}" = trust ]; then
      method=trust
    elif [ -z "${POSTGRES_PASSWORD:-}" ]; then
      echo 'Error: Database is uninitialized and superuser password is not specified.' >&2
      exit 1
    fi
    initdb --username "$POSTGRES_USER" --auth-local trust --auth-host "$method"
    echo "host all all all $method" >>"$PGDATA/pg_hba.conf"
    pg_ctl start --wait --silent --options '-c listen_addresses='
    [ "$POSTGRES_DB" = postgres ] || createdb --username "$POSTGRES_USER" --maintenance-db postgres "$POSTGRES_DB"
    if [ -n "${POSTGRES_PASSWORD:-}" ]; then
      echo "ALTER ROLE CURRENT_USER PASSWORD :'given'" |
        psql --quiet --username "$POSTGRES_USER" --set given="$POSTGRES_PASSWORD" "$POSTGRES_DB"
    fi
    for file in /docker-entrypoint-initdb.d/*; do
      case "$file" in
        *.sh) . "$file" ;;
        *.sql) psql -v ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" "$POSTGRES_DB" <"$file" ;;
      esac
    done
    pg_ctl stop --wait --silent
    echo 'PostgreSQL init process complete; ready for start up.'
  fi
  set -- "$@" -c 'listen_addresses=*' -c unix_socket_directories=/var/run/postgresql
fi
exec "$@"
