#!/bin/sh

echo "Waiting for postgres..."
while ! python -c "import socket; socket.create_connection(('$SQL_HOST', $SQL_PORT), 1)" 2>/dev/null; do
  sleep 0.1
done
echo "PostgreSQL started"

exec "$@"
