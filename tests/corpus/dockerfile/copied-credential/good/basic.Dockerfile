FROM debian:13 AS build
FROM debian:13
COPY .env.example /app/.env.example
COPY --from=build /app/.env /app/.env
COPY src/ /app/
