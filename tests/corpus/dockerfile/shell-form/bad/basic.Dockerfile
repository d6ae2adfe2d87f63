FROM debian:13
# expect
ENTRYPOINT /app --serve
