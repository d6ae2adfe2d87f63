#!/bin/sh
# Read the newest dump into a scratch database and count what is there.
set -eu
dump=$(find "${BACKUP_DIR:-/srv/backup/shelf}/last" -name 'shelf-*.sql.gz' -mtime -2 | sort | tail -n 1)
test -n "$dump"
docker run --detach --rm --name shelf-drill --network none --env POSTGRES_HOST_AUTH_METHOD=trust postgres:17.4-bookworm
trap 'docker rm --force shelf-drill' EXIT
sleep 10
zcat "$dump" | docker exec --interactive shelf-drill psql --username postgres
docker exec shelf-drill psql --username postgres --tuples-only -c 'SELECT count(*) FROM bookmarks' | grep -q '[1-9]'
