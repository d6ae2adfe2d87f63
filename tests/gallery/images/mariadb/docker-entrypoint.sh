#!/bin/sh
set -eu
given() { # the value of MARIADB_NAME or MYSQL_NAME, or of the file that either of them with _FILE names
  eval "value=\${MARIADB_$1:-\${MYSQL_$1:-}} file=\${MARIADB_$1_FILE:-\${MYSQL_$1_FILE:-}}"
  if [ -n "$file" ]; then cat "$file"; else printf %s "$value"; fi
}
if [ "$(id -u)" = 0 ] && [ "$1" = mariadbd ]; then
  chown -R mysql /var/lib/mysql
  exec setpriv --reuid mysql --regid mysql --init-groups "$0" "$@"
fi
if [ "$1" = mariadbd ] && [ ! -d /var/lib/mysql/mysql ]; then
  root="$(given ROOT_PASSWORD)" database="$(given DATABASE)" user="$(given USER)" password="$(given PASSWORD)"
  if [ -z "$root$(given ALLOW_EMPTY_PASSWORD)$(given RANDOM_ROOT_PASSWORD)" ]; then
    echo 'Database is uninitialized and password option is not specified' >&2
    exit 1
  fi
  mariadb-install-db --datadir=/var/lib/mysql --auth-root-authentication-method=normal --skip-test-db >/dev/null
  mariadbd --skip-networking --socket=/run/mysqld/init.sock &
  until mariadb-admin --socket=/run/mysqld/init.sock --silent ping 2>/dev/null; do sleep 0.2; done
  sql() { mariadb --user=root --socket=/run/mysqld/init.sock "$@"; }
  if [ -n "$database" ]; then echo "CREATE DATABASE IF NOT EXISTS \`$database\`;" | sql; fi
  if [ -n "$user" ]; then
    echo "CREATE USER '$user'@'%' IDENTIFIED BY '$password'; GRANT ALL ON \`${database:-*}\`.* TO '$user'@'%';" | sql
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sql) sql "$database" <"$file" ;;
    esac
  done
  echo "CREATE USER root@'%' IDENTIFIED BY '$root'; GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
    ALTER USER root@localhost IDENTIFIED BY '$root';" | sql
  kill %1 2>/dev/null || kill $!
  wait $!
  echo 'MariaDB init process done. Ready for start up.'
fi
if [ "$1" = mariadbd ]; then set -- "$@" --bind-address=0.0.0.0; fi
exec "$@"
