FROM debian:13
ENV APP_NAME=shop DB_PASSWORD_FILE=/run/secrets/db DB_PASSWORD=changeme
ARG VERSION=1.2.3
ARG PASSWORD_MIN_LENGTH=12
RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci
RUN curl -fsS -u "$USER:$PASSWORD" https://files.example/app.tgz -o /app.tgz
