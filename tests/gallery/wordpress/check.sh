#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
refused_at_first() { [ "$(said wordpress 120 '" 500 ')" -gt 0 ]; }
gets 500 wordpress:80/ 20
gets 302 wordpress:80/ 90 || { echo "the stack does not start"; exit 1; }

hangs() { # frozen: a request gets no answer at all
  docker pause "$(container db)" >/dev/null
  code="$(ask wordpress:80/)"
  docker unpause "$(container db)" >/dev/null
  [ "$code" = 000 ]
}
reconnects() {
  compose restart db
  gets 302 wordpress:80/ 30
}
returns() { # killed: its restart policy brings it back
  crash "$1"
  comes_back "$1" 10 && gets 302 wordpress:80/ 30
}
stops() { ! deaf wordpress; }
passwords_in_environment() { docker inspect "$(container db)" | grep -q MYSQL_ROOT_PASSWORD=somewordpress; }
no_endpoint() { for path in healthz readyz livez; do gets 404 "wordpress:80/$path" 1 || return 1; done; }
databases() { compose exec -T db mariadb -N -uwordpress -pwordpress wordpress -e "$1"; }
kept() { # removed and made anew: the volume has a name
  databases "CREATE TABLE hand (id INT PRIMARY KEY); INSERT INTO hand VALUES (7)"
  compose rm --stop --force db >/dev/null
  compose up --detach db
  for _ in $(seq 60); do
    [ "$(databases 'SELECT id FROM hand')" = 7 ] && return 0
    sleep 1
  done
  return 1
}

weakness errors-until-database-is-up refused_at_first
weakness passwords-in-environment passwords_in_environment
weakness no-endpoint no_endpoint
weakness hangs hangs
gets 302 wordpress:80/ 30
sound reconnects reconnects
sound database-returns returns db
sound wordpress-returns returns wordpress
sound stops stops
sound data-kept kept
ended
