#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
gets 200 api:8000/notes 90 || { echo "the stack does not start"; exit 1; }

no_readiness() { gets 404 api:8000/readyz 1 && gets 404 api:8000/ready 1; }
hangs() { # frozen: a request gets no answer at all
  docker pause "$(container postgres)" >/dev/null
  code="$(ask api:8000/notes)"
  docker unpause "$(container postgres)" >/dev/null
  [ "$code" = 000 ]
}
reconnects() {
  compose restart postgres
  gets 200 api:8000/notes 30
}
stays_away() {
  crash api
  sleep 1
  ! comes_back api 10
}
stops() { ! deaf api; }

weakness no-readiness no_readiness
weakness hangs hangs
sound reconnects reconnects
sound stops stops
weakness root root api
weakness no-restart stays_away
ended
