#!/bin/sh
# env of the container: cron does not hand it on
export $(grep ^PG /etc/environment)
pg_dump > /backups/latest.sql
echo "$(date) backup done"
