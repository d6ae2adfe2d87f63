#!/bin/sh
set -eu
if [ "$1" = apache2-foreground ]; then
  if [ ! -e index.php ] && [ ! -e wp-includes/version.php ]; then
    echo "WordPress not found in $PWD - copying now..."
    cp -a /usr/src/wordpress/. .
    echo "Complete! WordPress has been successfully copied to $PWD"
  fi
  if [ ! -s wp-config.php ]; then
    echo "No 'wp-config.php' found in $PWD, but 'WORDPRESS_...' variables supplied; copying 'wp-config-docker.php'"
    salt() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
    sed "s/put your unique phrase here/$(salt)/" wp-config-docker.php >wp-config.php
    chown www-data:www-data wp-config.php
  fi
fi
exec "$@"
