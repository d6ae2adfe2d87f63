#!/usr/bin/env bash
# Everything that the Docker tests need, on a bare Debian 12 as root, from Debian's packages alone: an engine, the
# compose and buildx plugins, and the base image debian:trixie-slim. Idempotent: what is there is left as it is.
set -euo pipefail

plugins=/usr/libexec/docker/cli-plugins
log=/var/log/seatrial-dockerd.log
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf 'prepare: %s\n' "$*"; }

updated=
packages() { # install what is missing of the named packages
  local missing=()
  for name in "$@"; do dpkg -s "$name" >/dev/null 2>&1 || missing+=("$name"); done
  [ ${#missing[@]} -eq 0 ] && return
  [ -n "$updated" ] || { apt-get -qq update && updated=yes; }
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null 2>"$work/apt" ||
    { cat "$work/apt" >&2; return 1; }
}

# The machine's own package sources with the suite replaced: no host name stands in this script.
trixie_sources() {
  local key=/usr/share/keyrings/debian-archive-keyring.gpg
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
    awk -v key="$key" '
      !found && /^(deb|URIs:) / { for (i = 2; i <= NF; i++) if ($i ~ /^[a-z]+:\// && $i !~ /security/) { found = $i; break } }
      END { if (!found) exit 1; print "deb [signed-by=" key "] " found " trixie main" }'
}

engine() {
  docker info >/dev/null 2>&1 && { say "engine answers"; return; }
  packages docker.io iptables ca-certificates
  if ! docker info >/dev/null 2>&1; then
    setsid dockerd >"$log" 2>&1 </dev/null &
    for _ in $(seq 120); do docker info >/dev/null 2>&1 && break; sleep 0.5; done
  fi
  docker info >/dev/null 2>&1 || { say "dockerd does not answer; the end of $log:"; tail -n 20 "$log" >&2; exit 1; }
  say "engine started"
}

compose() {
  docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1 && { say "plugins are there"; return; }
  mkdir -p "$work/lists/partial" "$work/archives/partial"
  trixie_sources >"$work/trixie.list" || { say "no package source is configured on this machine"; exit 1; }
  local options=(-qq -o "Dir::Etc::SourceList=$work/trixie.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$work/lists" -o "Dir::Cache::Archives=$work/archives" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  (cd "$work" && apt-get "${options[@]}" download docker-compose docker-buildx)
  for deb in "$work"/*.deb; do dpkg-deb -x "$deb" "$work/unpacked"; done
  install -D -t "$plugins" "$work/unpacked$plugins"/*
  say "plugins installed: $(docker compose version --short), $(docker buildx version | cut -d' ' -f2)"
}

image() {
  docker image inspect debian:trixie-slim >/dev/null 2>&1 && { say "image debian:trixie-slim is there"; return; }
  packages mmdebstrap
  trixie_sources >"$work/base.list"
  mmdebstrap --quiet --variant=minbase --include=ca-certificates trixie "$work/root.tar" "$work/base.list" 2>"$work/mm" ||
    { cat "$work/mm" >&2; exit 1; }
  docker import --change 'CMD ["bash"]' "$work/root.tar" debian:trixie-slim >/dev/null
  say "image debian:trixie-slim made"
}

engine
compose
image
