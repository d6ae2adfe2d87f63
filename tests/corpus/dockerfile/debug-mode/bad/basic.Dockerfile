FROM python:3.14-slim
# expect
ENV FLASK_DEBUG=1
# expect
CMD ["uvicorn", "app:app", "--reload"]
