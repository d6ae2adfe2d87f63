#!/bin/sh
# deploy.sh HOST VERSION: run a version, and put the former one back if it does not become healthy.
set -eu
host="$1"
version="$2"
former=$(ssh "$host" "sed -n 's/^SHELF_VERSION=//p' /opt/shelf/.env")
ssh "$host" "sed -i 's/^SHELF_VERSION=.*/SHELF_VERSION=$version/' /opt/shelf/.env"
if ! ssh "$host" "cd /opt/shelf && docker compose pull && docker compose up --detach --wait"; then
  echo "$version did not become healthy, going back to $former" >&2
  ssh "$host" "sed -i 's/^SHELF_VERSION=.*/SHELF_VERSION=$former/' /opt/shelf/.env && cd /opt/shelf && docker compose up --detach --wait"
  exit 1
fi
