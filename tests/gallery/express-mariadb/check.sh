#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
gets 200 app:3000/api/todos 90 || { echo "the stack does not start"; exit 1; }

restarts() { docker inspect --format '{{.RestartCount}}' "$(container app)"; }
dies() { # with the database, and it is back with it
  before="$(restarts)"
  compose restart mariadb >/dev/null 2>&1
  sleep 5
  [ "$(restarts)" -gt "$before" ] && gets 200 app:3000/api/todos 60
}
hangs() {
  docker pause "$(container mariadb)" >/dev/null
  code="$(ask app:3000/api/todos)"
  docker unpause "$(container mariadb)" >/dev/null
  [ "$code" = 000 ]
}
died_at_first() { [ "$at_first" -gt 0 ]; }
todos() { compose exec -T mariadb mariadb -N -utodo -ptodo todos -e "$1" 2>/dev/null; }
kept() { # made anew by Compose: it hands the anonymous volume on
  todos "INSERT INTO todos (title) VALUES ('hand')"
  compose up --detach --force-recreate --no-deps mariadb >/dev/null 2>&1
  for _ in $(seq 30); do
    todos "SELECT title FROM todos" | grep -q hand && return 0
    sleep 1
  done
  return 1
}
lost() { # removed and made anew: there is no name by which anybody would find the volume again
  compose rm --stop --force mariadb >/dev/null 2>&1
  compose up --detach mariadb >/dev/null 2>&1
  for _ in $(seq 60); do
    todos "SELECT title FROM todos" | grep -q write && break
    sleep 1
  done
  ! todos "SELECT title FROM todos" | grep -q hand
}

no_endpoint() { for path in health healthz readyz livez; do gets 404 "app:3000/$path" 1 || return 1; done; }

at_first="$(restarts)"
weakness dies-until-database-is-up died_at_first
weakness no-endpoint no_endpoint
weakness hangs hangs
weakness dies-with-database dies
weakness deaf deaf app
weakness root root app
sound data-kept-by-recreate kept
weakness data-lost-by-down lost
ended
