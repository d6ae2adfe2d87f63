# What the hand checks share: a stack under a name of its own, with docker commands alone. To be sourced by check.sh.
#
# `weakness ID WORDS...` runs a command that fails if the weakness does not show; `sound ID WORDS...` the same for what
# an operator knows to be right. The script fails if anything is otherwise than it says.
set -u
here="$(cd "$(dirname "$0")" && pwd)"
name="$(basename "$here")"
project="hand-$name"
extra="$(mktemp -d)"
wrong=0

compose() { # without Compose's warnings: a key `version` makes one of every call
  docker compose --project-name "$project" --project-directory "$here" -f "$here/$file" -f "$extra/ports.yml" "$@" 2>/dev/null
}

up() { # the stack as it is written, but for its published ports and fixed names: others on this machine may have them
  file="$1"
  trap down EXIT
  [ ! -e "$here/.env.example" ] || cp "$here/.env.example" "$here/.env" # as the README of such a stack says
  {
    echo 'services:'
    docker compose -f "$here/$file" config --services 2>/dev/null | sort | while read -r service; do
      printf '  %s:\n    ports: !reset []\n    container_name: !reset null\n' "$service"
    done
  } >"$extra/ports.yml"
  docker compose --project-name "$project" --project-directory "$here" -f "$here/$file" -f "$extra/ports.yml" \
    up --build --detach >"$extra/up.log" 2>&1 || { tail -n 20 "$extra/up.log"; exit 1; }
}

down() {
  compose down --volumes --remove-orphans --rmi local --timeout 1 >/dev/null 2>&1
  rm -rf "$extra"
  [ ! -e "$here/.env.example" ] || rm -f "$here/.env"
}

container() { compose ps --all --quiet "$1" | head -n 1; }

address() { # of a service's first container, as it is now
  docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' "$(container "$1")" | cut -d ' ' -f 1
}

ask() { # SERVICE:PORT/PATH: the status of a GET, 000 if there is no answer within five seconds
  service="${1%%:*}" rest="${1#*:}"
  curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}' "http://$(address "$service"):$rest"
}

gets() { # STATUS SERVICE:PORT/PATH [SECONDS]: whether a GET is answered so within that time
  until [ "$(ask "$2")" = "$1" ]; do
    [ "${3:-30}" -gt 0 ] || return 1
    set -- "$1" "$2" "$((${3:-30} - 1))"
    sleep 1
  done
}

still() { # STATUS SERVICE:PORT/PATH SECONDS: whether every GET is answered so for that time
  for _ in $(seq "$3"); do
    [ "$(ask "$2")" = "$1" ] || return 1
    sleep 1
  done
}

running() { [ "$(docker inspect --format '{{.State.Running}}' "$(container "$1")")" = true ]; }

comes_back() { # SERVICE [SECONDS]
  for _ in $(seq "${2:-10}"); do
    running "$1" && return 0
    sleep 1
  done
  return 1
}

said() { # SERVICE SECONDS PATTERN: lines of the last seconds with it
  docker logs --since "$2s" "$(container "$1")" 2>&1 | grep -c -- "$3"
}

crash() { # the main process is killed as by the kernel: `docker kill` would count as a stop by hand
  kill -KILL "$(docker inspect --format '{{.State.Pid}}' "$(container "$1")")"
}

deaf() { # SERVICE: it ends by SIGKILL although it was asked by its stop signal
  compose stop --timeout 5 "$1" >/dev/null 2>&1
  code="$(docker inspect --format '{{.State.ExitCode}}' "$(container "$1")")"
  compose start "$1" >/dev/null 2>&1
  [ "$code" = 137 ]
}

root() { # SERVICE: its main process is root's
  [ "$(docker top "$(container "$1")" -o pid,uid | sed -n 2p | awk '{ print $2 }')" = 0 ]
}

told() { # KIND EXPECTED ID WORDS...
  kind="$1" id="$2"
  shift 2
  if "$@"; then
    echo "$kind $id: shown by: $*"
  else
    echo "$kind $id: NOT SHOWN by: $*"
    wrong=1
  fi
}

weakness() { told weakness "$@"; }
sound() { told sound "$@"; }

ended() { exit "$wrong"; }
