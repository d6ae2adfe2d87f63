FROM python:3.14-slim AS build
RUN make
FROM python:3.14-slim
COPY --from=build /app /app
USER 10001
CMD ["python", "app.py"]
