FROM debian:13 AS build
CMD make
FROM debian:13
ENTRYPOINT ["/app", "--serve"]
CMD exec /app --serve
