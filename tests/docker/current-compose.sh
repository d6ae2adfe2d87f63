#!/usr/bin/env bash
# A current Compose from its Go modules, for tests/docker/test_model_oracle.py and capture.py where the machine's plugin
# is older: `SEATRIAL_ORACLE_COMPOSE=$(bash tests/docker/current-compose.sh DIRECTORY)`. Needs Go and a module proxy.
set -euo pipefail

version=v5.6.0 # the newest that Go 1.26.8 builds
target=$(mkdir -p "${1:?a directory for the program}" && cd "$1" && pwd)
if [ ! -x "$target/docker-compose" ]; then
  work=$(mktemp -d)
  trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
  cd "$work"
  export GOFLAGS=-mod=mod GOPATH="$work/go"
  printf 'module oracle\n' >go.mod
  # `go install` refuses a module with `exclude` directives
  go get -tool "github.com/docker/compose/v5/cmd@$version" >&2
  go build -ldflags "-X github.com/docker/compose/v5/internal.Version=$version" -o "$target/docker-compose" \
    github.com/docker/compose/v5/cmd >&2
fi
echo "$target/docker-compose"
