FROM golang:1.26 AS build
RUN go build -o /app ./cmd/app
FROM debian:13
RUN apt-get update && apt-get install -y gcc && make && apt-get purge -y gcc
RUN apk add --no-cache --virtual .build gcc musl-dev
COPY --from=build /app /app
