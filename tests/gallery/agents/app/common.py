import os
import time

import redis
import requests
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

REDIS_URL = os.environ["REDIS_URL"]
DATABASE_URL = os.environ["DATABASE_URL"]
CHROMA = f"{os.environ['CHROMA_URL']}/api/v2/tenants/default_tenant/databases/default_database"

queue = redis.Redis.from_url(REDIS_URL)
engine = create_engine(DATABASE_URL)


def wait_for_services():
    for _ in range(60):
        try:
            with engine.connect() as conn:
                conn.execute(text("SELECT 1 FROM runs"))
            queue.ping()
            requests.get(f"{CHROMA}/collections")
            return
        except (OperationalError, redis.ConnectionError, requests.ConnectionError):
            print("waiting for services")
            time.sleep(1)


def embed(words):
    """A stand-in for the model's embeddings while there is no key."""
    vector = [0.0] * 16
    for word in words.lower().split():
        vector[sum(word.encode()) % 16] += 1.0
    return vector


def collection():
    answer = requests.post(f"{CHROMA}/collections", json={"name": "documents", "get_or_create": True})
    return f"{CHROMA}/collections/{answer.json()['id']}"
