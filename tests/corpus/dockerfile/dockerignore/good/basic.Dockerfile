FROM debian:13
COPY src/ pyproject.toml /app/
