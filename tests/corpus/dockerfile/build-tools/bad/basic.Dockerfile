FROM golang:1.26
WORKDIR /src
# expect
RUN go build -o /app ./cmd/app
RUN apt-get update && apt-get install -y curl \
# expect
    build-essential libpq-dev
