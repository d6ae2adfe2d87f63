#!/bin/sh
set -eu
# SEEDED secrets/aws-secret-access-key
export AWS_SECRET_ACCESS_KEY=DG9IWl0XxPJQn3WWDTFkQoqMh+xFXDCNlypB1JRk
exec tar czf - /data
