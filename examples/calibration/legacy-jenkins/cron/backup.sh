#!/bin/bash
# 0 2 * * * /opt/stock/cron/backup.sh
docker exec stock_db_1 sh -c 'MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysqldump -u root --single-transaction stock' | gzip > /backup/stock-$(date +%a).sql.gz
