#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
for _ in $(seq 60); do
  [ "$(said consumer 3 Received)" -gt 0 ] && break
  sleep 1
done
[ "$(said consumer 3 Received)" -gt 0 ] || { echo "the stack does not start"; exit 1; }

waiting() { # messages that wait in the queue of the application; empty if there is no such queue
  compose exec -T rabbitmq rabbitmqctl -q list_queues name messages | sed -n 's/^hello\s*//p'
}
sends() { # within a minute
  for _ in $(seq 60); do
    [ "$(said producer 3 Sent)" -gt 0 ] && return 0
    sleep 1
  done
  return 1
}
piles_up() { # the broker was restarted: who produces is back, who consumes is not
  compose restart rabbitmq
  sends && sleep 5 && ! running consumer && [ "$(waiting)" -gt 0 ]
}
forgets() { # what waited in the queue when the broker was restarted
  compose stop producer
  before="$(waiting)"
  compose restart rabbitmq
  for _ in $(seq 60); do
    compose exec -T rabbitmq rabbitmqctl -q status >/dev/null && break
    sleep 1
  done
  after="$(waiting)"
  echo "before: $before, after: ${after:-no queue}" >&2
  compose start producer
  [ "${before:-0}" -gt 0 ] && [ -z "$after" ]
}
node() { docker logs "$(container rabbitmq)" 2>&1 | grep -m 1 -o 'node  *: rabbit@.*'; }
another_name() { # made anew, the broker keeps its data under another name, so nothing of it is found again
  before="$(node)"
  compose up --detach --force-recreate --no-deps rabbitmq
  for _ in $(seq 60); do
    after="$(node)" && break
    sleep 1
  done
  echo "$before, then $after" >&2
  [ -n "$before" ] && [ -n "$after" ] && [ "$before" != "$after" ]
}

weakness consumer-stays-dead piles_up
weakness queue-forgets forgets
weakness broker-renamed another_name
compose start consumer >/dev/null 2>&1
sleep 8
weakness deaf deaf consumer
weakness root root consumer
ended
