# expect
FROM python:3.14-slim AS build
FROM debian:13-slim
COPY --from=build /app /app
