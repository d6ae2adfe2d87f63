"""The API."""

import os

import psycopg
import uvicorn
from fastapi import FastAPI
from prometheus_client import Counter, start_http_server

app = FastAPI()
ASKED = Counter("colleague_questions_total", "Questions asked")


@app.get("/health")
def health():
    return {"ok": True}


@app.post("/ask")
def ask(text: str):
    ASKED.inc()
    with psycopg.connect(host=os.environ["DB_HOST"], user="colleague", password=os.environ["DB_PASSWORD"]) as db:
        db.execute("INSERT INTO questions (text) VALUES (%s)", (text,))
    return {"queued": True}


if __name__ == "__main__":
    start_http_server(9000)
    uvicorn.run(app, host="0.0.0.0", port=9001)
