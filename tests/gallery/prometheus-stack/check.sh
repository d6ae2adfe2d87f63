#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
gets 200 prometheus:9090/-/ready 60 || { echo "the stack does not start"; exit 1; }

api() { # SERVICE:PORT/PATH: the text of an answer
  curl --silent --max-time 5 --get "http://$(address "${1%%:*}"):${1#*:}" "${@:2}"
}
scraped() { # within so many seconds
  for _ in $(seq "$1"); do
    api prometheus:9090/api/v1/query --data-urlencode 'query=up{job="app"}' | grep -q ',"1"\]' && return 0
    sleep 1
  done
  return 1
}
returns() { # killed: its restart policy brings it back
  crash "$1"
  comes_back "$1" 10
}
scrapes_again() { # made anew beside another container, at another address
  holder="$(docker run --rm --detach --network "${project}_default" debian:trixie-slim sleep 60)"
  compose up --detach --force-recreate --no-deps app
  sleep 10
  scraped 20
  shown=$?
  docker kill "$holder" >/dev/null
  return $shown
}
silences() {
  api alertmanager:9093/api/v2/silences | grep -c '"comment":"hand"'
}
silence() {
  curl --silent --max-time 5 "http://$(address alertmanager):9093/api/v2/silences" --header 'Content-Type: application/json' \
    --data '{"matchers":[{"name":"a","value":"b","isRegex":false}],"startsAt":"2020-01-01T00:00:00Z",
      "endsAt":"2099-01-01T00:00:00Z","createdBy":"hand","comment":"hand"}' >/dev/null
}
silences_lost() { # removed and made anew: the volume has no name
  silence
  [ "$(silences)" = 1 ] || return 1
  compose rm --stop --force --volumes alertmanager >/dev/null
  compose up --detach alertmanager
  gets 200 alertmanager:9093/-/ready 30 && [ "$(silences)" = 0 ]
}
no_endpoint() { for path in health healthz readyz livez; do gets 404 "app:8000/$path" 1 || return 1; done; }
stays_away() {
  crash app
  sleep 1
  ! comes_back app 10
}
not_root() { ! root prometheus && ! root alertmanager && ! root node-exporter; }
ends() { ! deaf prometheus && ! deaf alertmanager && ! deaf node-exporter; }

sound scraped scraped 30
sound scrapes-again scrapes_again
sound prometheus-returns returns prometheus
sound not-root not_root
sound ends ends
weakness no-endpoint no_endpoint
weakness silences-lost silences_lost
weakness deaf deaf app
weakness root root app
weakness no-restart stays_away
ended
