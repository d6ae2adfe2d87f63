#!/bin/sh
# Every night by cron: backup.sh DIRECTORY. The append-only files are consistent at any moment; fourteen days are kept.
set -eu
docker run --rm --network none --volume storefront_orders:/data:ro --volume "$1":/backup debian:trixie-slim \
  tar --create --gzip --file "/backup/orders-$(date +%F).tar.gz" --directory /data .
find "$1" -name 'orders-*.tar.gz' -mtime +14 -delete
