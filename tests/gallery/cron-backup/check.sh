#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
for _ in $(seq 90); do
  docker exec "$(container backup)" pg_isready --quiet && break
  sleep 1
done

size() { docker exec "$(container backup)" stat --format %s /backups/latest.sql 2>/dev/null; }
next() { # the job has run once more, within 80 s
  before="$(docker exec "$(container backup)" grep -c done /var/log/cron.log)"
  for _ in $(seq 80); do
    [ "$(docker exec "$(container backup)" grep -c done /var/log/cron.log)" -gt "$before" ] && return 0
    sleep 1
  done
  return 1
}
works() { next && [ "$(size)" -gt 0 ]; }
fails_silently() { # the database is away for one run: the good backup is gone, and the log says that it was done
  compose stop db
  next
  after="$(size)"
  compose start db
  running backup && [ "$after" = 0 ]
}
cron_dies() { # process 1 is a shell that follows a log: the container runs on without any job
  docker exec "$(container backup)" sh -c 'kill $(cat /var/run/crond.pid)'
  sleep 5
  running backup && ! next
}
no_health() { [ "$(docker inspect --format '{{.State.Health}}' "$(container backup)")" = '<nil>' ]; }

sound works works
weakness fails-silently fails_silently
sound works-again works
weakness no-healthcheck no_health
weakness deaf deaf backup
sound works-after-start works
weakness cron-dies-unnoticed cron_dies
weakness root root backup
ended
