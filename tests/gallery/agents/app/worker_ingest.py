"""Takes documents in: into the database and into the vector store."""
import json
import logging
import time

import psycopg2
import requests

from common import DATABASE_URL, collection, embed, queue, wait_for_services

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
log = logging.getLogger("ingest")

wait_for_services()
conn = psycopg2.connect(DATABASE_URL)
conn.autocommit = True


def ingest(job):
    cur = conn.cursor()
    cur.execute("INSERT INTO documents (url) VALUES (%s) RETURNING id", (job["url"],))
    number = str(cur.fetchone()[0])
    body = {"ids": [number], "embeddings": [embed(job["url"])], "documents": [job["url"]]}
    requests.post(f"{collection()}/add", json=body, timeout=10).raise_for_status()
    log.info("document %s taken in", number)


while True:
    try:
        item = queue.blpop("jobs:ingest", timeout=5)
        if item:
            ingest(json.loads(item[1]))
    except Exception as error:
        log.error("ingest failed: %s", error)
        time.sleep(0.5)
