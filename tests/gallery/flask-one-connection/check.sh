#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
gets 200 web:5000/items 60 || { echo "the stack does not start"; exit 1; }

hangs() { # frozen: a request gets no answer at all
  docker pause "$(container db)" >/dev/null
  code="$(ask web:5000/items)"
  docker unpause "$(container db)" >/dev/null
  [ "$code" = 000 ]
}
never_again() { # 20 s after the database is back
  compose restart db >/dev/null 2>&1
  sleep 5
  still 500 web:5000/items 15
}
kept() {
  compose exec -T db psql -q -U shop shop -c "INSERT INTO items (name) VALUES ('hand')" >/dev/null
  compose up --detach --force-recreate --no-deps db >/dev/null 2>&1
  for _ in $(seq 20); do
    compose exec -T db psql -At -U shop shop -c "SELECT name FROM items" 2>/dev/null | grep -q hand && return 0
    sleep 1
  done
  return 1
}
stays_away() {
  crash web
  sleep 1
  ! comes_back web 10
}

weakness hangs hangs
weakness never-reconnects never_again
sound health-answers gets 200 web:5000/health 1
weakness deaf deaf web
weakness root root web
weakness no-restart stays_away
sound data-kept kept
ended
