import json
from contextlib import asynccontextmanager

import requests
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import text

from common import collection, embed, engine, queue, wait_for_services


@asynccontextmanager
async def lifespan(app: FastAPI):
    wait_for_services()
    yield


app = FastAPI(title="Agents", lifespan=lifespan)


class Run(BaseModel):
    prompt: str


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/runs")
def runs():
    with engine.connect() as conn:
        rows = conn.execute(text("SELECT id, prompt, answer FROM runs ORDER BY id DESC LIMIT 50"))
        return [dict(row._mapping) for row in rows]


@app.post("/runs", status_code=202)
def create_run(run: Run):
    with engine.begin() as conn:
        number = conn.execute(text("INSERT INTO runs (prompt) VALUES (:p) RETURNING id"), {"p": run.prompt}).scalar()
    queue.rpush("jobs:agent", json.dumps({"run": number, "prompt": run.prompt}))
    return {"id": number}


@app.get("/search")
def search(q: str = "news"):
    answer = requests.post(f"{collection()}/query", json={"query_embeddings": [embed(q)], "n_results": 3})
    return answer.json()["ids"][0]
