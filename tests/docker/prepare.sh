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
refresh() { # the package lists, once; whether they have what is needed is for the caller to see
  [ -n "$updated" ] || apt-get -qq update || say "not every package source of this machine answers"
  updated=yes
}

packages() { # install what is missing of the named packages
  local missing=()
  for name in "$@"; do dpkg -s "$name" >/dev/null 2>&1 || missing+=("$name"); done
  [ ${#missing[@]} -eq 0 ] && return
  refresh
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 install -y --no-install-recommends \
    "${missing[@]}" >/dev/null 2>"$work/apt" || { cat "$work/apt" >&2; return 1; }
  say "packages installed: ${missing[*]}"
}

# The mirror that this machine has Debian from, by apt's own answer: other people's sources may stand beside it, and no
# host name stands in this script.
trixie_sources() {
  local key=/usr/share/keyrings/debian-archive-keyring.gpg mirror
  refresh
  mirror=$(apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 'Component: main' | sed -n 1p)
  [ -n "$mirror" ] || { say "no Debian package source is configured on this machine"; exit 1; } >&2
  printf 'deb [signed-by=%s] %s trixie main\n' "$key" "$mirror" >"$work/trixie.list"
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
  trixie_sources
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
  trixie_sources
  mmdebstrap --quiet --variant=minbase --include=ca-certificates trixie "$work/root.tar" "$work/trixie.list" 2>"$work/mm" ||
    { cat "$work/mm" >&2; exit 1; }
  docker import --change 'CMD ["bash"]' "$work/root.tar" debian:trixie-slim >/dev/null
  say "image debian:trixie-slim made"
}

engine
compose
image
