#!/bin/sh
# Every night by the host's cron. Keeps fourteen days.
set -eu
folder=/srv/backup/recipe-box
docker compose --project-directory /opt/recipe-box exec -T db pg_dump --username box --format custom box > "$folder/$(date +%F).dump"
find "$folder" -name '*.dump' -mtime +14 -delete
