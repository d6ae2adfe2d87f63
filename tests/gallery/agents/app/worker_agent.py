"""Answers prompts with what the vector store knows."""
import json

import requests
from sqlalchemy import text

from common import collection, embed, engine, queue, wait_for_services

wait_for_services()
print("agent worker ready")
while True:
    _, raw = queue.blpop("jobs:agent")
    job = json.loads(raw)
    found = requests.post(
        f"{collection()}/query", json={"query_embeddings": [embed(job["prompt"])], "n_results": 3}, timeout=10
    ).json()
    with engine.begin() as conn:
        conn.execute(text("UPDATE runs SET answer = :a WHERE id = :i"), {"a": str(found["ids"]), "i": job["run"]})
    print(f"run {job['run']} answered")
