#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
gets 200 nginx:80/ 60 || { echo "the stack does not start"; exit 1; }

old_address() { # made anew at another address, as in an update beside others: the proxy asks the old one for ever
  compose stop app
  holders="$(for _ in 1 2; do docker run --rm --detach --network "${project}_default" debian:trixie-slim sleep 60; done)"
  compose up --detach --force-recreate --no-deps app
  sleep 5
  still 502 nginx:80/ 10 || still 504 nginx:80/ 10 || still 000 nginx:80/ 3
  shown=$?
  docker kill $holders >/dev/null
  return $shown
}
one_is_enough() { # of two, one is stopped: the other one answers
  compose restart nginx
  sleep 2
  docker stop --time 3 "$(container app)" >/dev/null
  gets 200 nginx:80/ 5
  docker start "$(container app)" >/dev/null
}
no_endpoint() { for path in healthz readyz livez; do gets 404 "nginx:80/$path" 1 || return 1; done; }
waits() { # the replicas are frozen: a request has no answer, not even an error
  compose restart nginx
  sleep 2
  gets 200 nginx:80/ 10 || return 1
  compose pause app
  still 000 nginx:80/ 2
  shown=$?
  compose unpause app
  return $shown
}
stays_away() {
  crash nginx
  sleep 1
  ! comes_back nginx 10
}

weakness no-endpoint no_endpoint
weakness old-address old_address
sound one-is-enough one_is_enough
weakness waits-a-minute waits
weakness root root app
weakness no-restart stays_away
ended
