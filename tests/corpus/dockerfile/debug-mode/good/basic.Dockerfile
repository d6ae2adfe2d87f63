FROM python:3.14-slim AS dev
ENV FLASK_DEBUG=1
FROM python:3.14-slim
ENV FLASK_DEBUG=0 NODE_ENV=production
CMD ["uvicorn", "app:app"]
