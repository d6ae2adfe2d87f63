#!/usr/bin/env bash
# The hand check of this stack: what an operator sees with docker commands alone.
. "$(dirname "$0")/../hand.sh"
up docker-compose.yml
for _ in $(seq 60); do
  [ "$(said bot 3 answered)" -gt 0 ] && break
  sleep 1
done
[ "$(said bot 3 answered)" -gt 0 ] || { echo "the stack does not start"; exit 1; }

silent() { # the server was restarted: the bot's process lives, and answers nobody
  compose restart telegram
  sleep 20
  running bot && [ "$(said bot 10 answered)" = 0 ]
}
answers() {
  for _ in $(seq "$1"); do
    [ "$(said bot 3 answered)" -gt 0 ] && return 0
    sleep 1
  done
  return 1
}
store_returns() {
  compose restart redis
  sleep 3
  answers 20
}

sound store-returns store_returns
weakness deaf deaf bot
answers 30
weakness silent-after-restart silent
weakness root root bot
ended
