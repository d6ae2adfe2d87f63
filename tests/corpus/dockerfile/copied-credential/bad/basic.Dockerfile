FROM debian:13
# expect
COPY .env /app/.env
# expect
ADD deploy/id_rsa /root/.ssh/id_rsa
# expect
COPY app.py .npmrc /app/
