FROM debian:13
WORKDIR /app
# expect
COPY . .
