#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
gets 200 api:8090/links 90 || { echo "the stack does not start"; exit 1; }

died_at_first() { [ "$(docker inspect --format '{{.RestartCount}}' "$(container api)")" -gt 0 ]; }
no_readiness() { gets 404 api:8090/readyz 1 && gets 404 api:8090/ready 1; }
hangs() { # frozen: a request gets no answer at all
  docker pause "$(container db)" >/dev/null
  code="$(ask api:8090/links)"
  docker unpause "$(container db)" >/dev/null
  [ "$code" = 000 ]
}
reconnects() {
  compose restart db
  gets 200 api:8090/links 30
}
stops() { ! deaf api; }
no_shell() { ! docker exec "$(container api)" sh -c true >/dev/null 2>&1; }
kept() { # made anew by Compose: it hands the anonymous volume on
  compose exec -T db psql -q -U links links -c "INSERT INTO links (url) VALUES ('hand')" >/dev/null
  compose up --detach --force-recreate --no-deps db
  for _ in $(seq 20); do
    compose exec -T db psql -At -U links links -c "SELECT url FROM links" | grep -q hand && return 0
    sleep 1
  done
  return 1
}
database_stays_away() {
  crash db
  sleep 1
  ! comes_back db 10
}

sound no-shell no_shell
weakness dies-until-database-is-up died_at_first
weakness no-readiness no_readiness
weakness hangs hangs
sound reconnects reconnects
sound stops stops
weakness root root api
sound data-kept-by-recreate kept
weakness database-no-restart database_stays_away
ended
