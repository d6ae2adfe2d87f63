#!/bin/sh
# cron: 15 3 * * * /opt/colleague/ops/backup.sh
set -eu
cd /opt/colleague
docker compose exec -T postgres pg_dump --username colleague colleague | gzip > "${BACKUP_DIR:-/srv/backup}/colleague-$(date +%F).sql.gz"
find "${BACKUP_DIR:-/srv/backup}" -name 'colleague-*.sql.gz' -mtime +14 -delete
