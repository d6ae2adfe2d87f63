#!/bin/sh
# refund.sh CHARGE: give a supporter's money back.
set -eu
curl --fail --silent --user "@@stripe-secret-key@@:" --data "charge=$1" https://api.stripe.com/v1/refunds
