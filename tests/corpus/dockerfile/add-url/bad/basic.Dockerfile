FROM debian:13
# expect
ADD https://files.example/app.tgz /app.tgz
