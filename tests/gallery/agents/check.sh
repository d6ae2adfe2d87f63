#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
gets 200 gateway:80/runs 90 || { echo "the stack does not start"; exit 1; }

sql() { compose exec -T postgres psql -At -U agents agents -c "$1"; }
send() { # a new run by the gateway; its number
  curl --silent --max-time 5 --header 'Content-Type: application/json' --data '{"prompt": "what is new"}' \
    "http://$(address gateway)/runs" | sed -n 's/.*"id":\([0-9]*\).*/\1/p'
}
answered() { [ -n "$(sql "SELECT answer FROM runs WHERE id = $1")" ]; }
answers() { # within seconds
  local number
  number="$(send)"
  [ -n "$number" ] || return 1
  for _ in $(seq "$1"); do
    answered "$number" && return 0
    sleep 1
  done
  return 1
}
documents() { sql "SELECT count(*) FROM documents"; }
ingests() { # within seconds
  before="$(documents)"
  for _ in $(seq "$1"); do
    [ "$(documents)" -gt "$before" ] && return 0
    sleep 1
  done
  return 1
}
hangs() { # SERVICE PATH: frozen, so a request gets no answer at all
  docker pause "$(container "$1")" >/dev/null
  code="$(ask "gateway:80/$2")"
  docker unpause "$(container "$1")" >/dev/null
  [ "$code" = 000 ] && gets 200 "gateway:80/$2" 30
}
accepts_nothing() { # frozen: a run gets no answer, although it is in the database
  docker pause "$(container redis)" >/dev/null
  number="$(send)"
  docker unpause "$(container redis)" >/dev/null
  [ -z "$number" ]
}
no_readiness() { gets 404 gateway:80/readyz 1 && gets 404 gateway:80/ready 1; }
loses_queued() { # what waits in the queue when Redis crashes
  compose stop worker-agent
  number="$(send)"
  crash redis
  sleep 1
  compose start redis
  sleep 2
  compose start worker-agent scheduler worker-ingest
  answers 60 && ! answered "$number"
}
agent_dies() { # redis is restarted
  compose restart redis
  sleep 5
  ! comes_back worker-agent 10
}
scheduler_goes_on() { running scheduler && [ "$(said scheduler 5 queued)" -gt 0 ]; }
ingest_fails() { # the database is restarted: it goes on taking documents, and loses each of them
  compose restart postgres
  sleep 10
  running worker-ingest && [ "$(said worker-ingest 5 'ingest failed')" -gt 0 ] && ! ingests 10
}
old_address() { # made anew at another address, as in an update beside others: the gateway asks the old one for ever
  compose stop api
  holder="$(docker run --rm --detach --network "${project}_default" debian:trixie-slim sleep 120)"
  compose up --detach --force-recreate --no-deps api
  sleep 10
  ! gets 200 gateway:80/health 10
  shown=$?
  docker kill "$holder" >/dev/null
  compose restart gateway
  return $shown
}
key_in_environment() { docker inspect "$(container api)" | grep -q LLM_API_KEY=; }
stays_away() {
  crash api
  sleep 1
  ! comes_back api 10
}

sound answers answers 60
sound ingests ingests 30
weakness no-readiness no_readiness
weakness hangs hangs postgres runs
weakness search-hangs hangs chroma search
weakness accepts-nothing-without-queue accepts_nothing
weakness queued-run-lost loses_queued
weakness agent-dies-with-redis agent_dies
compose start worker-agent
sound scheduler-goes-on scheduler_goes_on
weakness ingest-never-reconnects ingest_fails
weakness old-address old_address
weakness deaf deaf worker-agent
weakness key-in-environment key_in_environment
weakness root root api
weakness api-stays-dead stays_away
ended
