"""
A worker or a producer of jobs, for one of several brokers; it prints nothing. Runs in a container.

ROLE is `producer`, `worker` (does jobs and connects anew), `hanging` (its thread ends with the first error, and the
process stays), or `deaf` (it connects anew, and takes no job any more).
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable
from typing import Any

ROLE, BROKER = os.environ["ROLE"], os.environ["BROKER"]
PAUSE = 0.2  # seconds between two jobs
POLLS = os.environ.get("POLLS") == "yes"
errors = 0


def by_redis() -> Callable[[], None]:
    import redis

    # The client itself tries again some times by default, which hides short outages.
    once = {"retry": redis.retry.Retry(redis.backoff.NoBackoff(), 0)} if ROLE in ("hanging", "deaf") else {}
    patience = None if ROLE == "hanging" else 3
    store = redis.Redis(host="broker", socket_connect_timeout=1, socket_timeout=patience, **once)
    store.ping()

    def produce() -> None:
        store.rpush("jobs", "job")

    def take() -> None:
        if ROLE == "deaf" and errors:
            store.ping()
            time.sleep(0.5)
            return
        taken = store.lpop("jobs") if POLLS else store.blpop("jobs", timeout=0 if ROLE == "hanging" else 2)
        if POLLS and not taken:
            time.sleep(0.5)
        elif taken and (job := taken if POLLS else taken[1]) != b"job":
            store.rpush("done", job)  # one with a marker

    return produce if ROLE == "producer" else take


def by_streams() -> Callable[[], None]:
    import redis

    once = {"retry": redis.retry.Retry(redis.backoff.NoBackoff(), 0)} if ROLE in ("hanging", "deaf") else {}
    store = redis.Redis(host="broker", socket_connect_timeout=1, socket_timeout=5, **once)
    with contextlib.suppress(redis.ResponseError):
        store.xgroup_create("jobs", "workers", id="0", mkstream=True)

    def produce() -> None:
        store.xadd("jobs", {"n": "1"}, maxlen=1000)

    def take() -> None:
        for _, entries in store.xreadgroup("workers", "one", {"jobs": ">"}, count=1, block=2000) or ():
            store.xack("jobs", "workers", *(number for number, _ in entries))

    return produce if ROLE == "producer" else take


def by_rabbitmq() -> Callable[[], None]:
    import pika

    account = pika.PlainCredentials("shop", "f3Zq81LxTd0pWm6Ko2")
    where = pika.ConnectionParameters("broker", credentials=account, heartbeat=10, blocked_connection_timeout=3)
    channel = pika.BlockingConnection(where).channel()
    channel.queue_declare("jobs", durable=True)

    def produce() -> None:
        channel.basic_publish("", "jobs", b"a job that is done as soon as somebody takes it from its queue")
        channel.connection.process_data_events()

    def done(its: Any, method: Any, _properties: Any, _body: bytes) -> None:
        its.basic_ack(method.delivery_tag)

    def take() -> None:
        if ROLE == "deaf" and errors:
            channel.connection.process_data_events(time_limit=1)
            return
        channel.basic_qos(prefetch_count=1)
        channel.basic_consume("jobs", done)
        channel.start_consuming()

    return produce if ROLE == "producer" else take


def by_postgres() -> Callable[[], None]:
    import psycopg2

    words = "host=broker user=shop dbname=shop password=f3Zq81LxTd0pWm6Ko2 connect_timeout=2"
    connection = psycopg2.connect(words)
    connection.autocommit = True
    cursor = connection.cursor()
    with contextlib.suppress(psycopg2.Error):
        cursor.execute("create table if not exists jobs (id bigserial primary key, done bool not null default false)")

    def produce() -> None:
        cursor.execute("insert into jobs default values")

    def take() -> None:
        cursor.execute(
            "update jobs set done = true where id = "
            "(select id from jobs where not done limit 1 for update skip locked) returning id"
        )
        if not cursor.rowcount:
            time.sleep(0.5)

    return produce if ROLE == "producer" else take


CONNECT = {"redis": by_redis, "streams": by_streams, "rabbitmq": by_rabbitmq, "postgres": by_postgres}[BROKER]


def work() -> None:
    """Go on for ever; connect anew after an error, but not with the weakness."""
    global errors
    connected = False
    while True:
        try:
            step = CONNECT()
            connected = True
            while True:
                step()
                if ROLE == "producer":
                    time.sleep(PAUSE)
        except Exception:  # noqa: BLE001 - whatever goes wrong, a worker goes on
            errors += connected  # a store that was not up yet is no outage
            if ROLE == "hanging" and errors:
                return
            time.sleep(1)


threading.Thread(target=work).start()
while True:
    time.sleep(60)
