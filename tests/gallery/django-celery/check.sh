#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
gets 200 web:8000/orders/ 90 || { echo "the stack does not start"; exit 1; }

sql() { compose exec -T db psql -At -U hello_django hello_django_dev -c "$1"; }
shipped() { [ "$(sql "SELECT state FROM orders_order WHERE id = $1")" = shipped ]; }
order() { # a new one; the tasks of two seconds or more are queued by hand, as the application would
  curl --silent --max-time 5 --request POST "http://$(address web):8000/orders/" | sed -n 's/.*: *\([0-9]*\)}/\1/p'
}
ships() { # within seconds; an order that gets no answer is given once more, as a user would
  local number until
  until=$((SECONDS + $1))
  while [ "$SECONDS" -lt "$until" ]; do
    number="$(order)"
    for _ in 1 2 3 4 5; do
      [ -n "$number" ] && shipped "$number" && return 0
      sleep 1
    done
  done
  return 1
}
hangs() { # frozen: a request gets no answer at all
  docker pause "$(container db)" >/dev/null
  code="$(ask web:8000/orders/)"
  docker unpause "$(container db)" >/dev/null
  [ "$code" = 000 ]
}
accepts_nothing() { # frozen: an order gets no answer, although it is in the database
  docker pause "$(container redis)" >/dev/null
  number="$(order)"
  docker unpause "$(container redis)" >/dev/null
  [ -z "$number" ]
}
reconnects() {
  compose restart db
  gets 200 web:8000/orders/ 30
}
worker_returns() {
  compose restart redis
  sleep 3
  ships 60
}
loses_begun() { # acknowledged before it is done: the task is gone with the worker
  number="$(sql "INSERT INTO orders_order (item, state) VALUES ('slow', 'new') RETURNING id" | head -n 1)"
  compose exec -T web python manage.py shell -c "from orders.tasks import ship; ship.delay($number, 10)"
  sleep 3
  [ "$(said worker 10 "ship.*received")" -gt 0 ] || return 1
  crash worker
  sleep 1
  compose start worker
  ships 60 && sleep 15 && ! shipped "$number"
}
loses_queued() { # what waits in the broker when it crashes
  compose stop worker
  number="$(order)"
  crash redis
  sleep 1
  compose start redis worker
  ships 60 && ! shipped "$number"
}
stays_away() {
  crash worker
  sleep 1
  ! comes_back worker 10
}
password_in_environment() { docker inspect "$(container web)" | grep -q SQL_PASSWORD=hello_django; }
no_endpoint() { for path in health healthz ready readyz livez; do gets 404 "web:8000/$path" 1 || return 1; done; }

sound ships ships 30
weakness no-endpoint no_endpoint
weakness hangs hangs
gets 200 web:8000/orders/ 60 || echo "web does not answer again"
weakness accepts-nothing-without-broker accepts_nothing
gets 200 web:8000/orders/ 60 || echo "web does not answer again"
sound reconnects reconnects
sound worker-returns worker_returns
weakness begun-task-lost loses_begun
weakness queued-task-lost loses_queued
weakness deaf deaf web
weakness password-in-environment password_in_environment
weakness root root web
weakness worker-stays-dead stays_away
ended
