"""
Messages to a queue of the stack, as its own producers send them.

Source: Redis, "RPUSH" and "XADD"; RabbitMQ, "Consumer Acknowledgements and Publisher Confirms"; Celery, "Message
Protocol", version 2; kombu's Redis transport.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from typing import Any

from seatrial.domain.work import QueueWay, WorkMessage
from seatrial.lab import markers
from seatrial.lab.engine import LabError
from seatrial.lab.events import Events
from seatrial.lab.markers import Redis
from seatrial.lab.rabbit import Rabbit
from seatrial.lab.stack import RunningProject
from seatrial.system.extras import Extra

CELERY = "celery"
"""Celery's queue where no other is configured."""
_REDIS = ("redis", "valkey", "keydb")
_WAYS: Mapping[QueueWay, tuple[str, ...]] = {
    QueueWay.LIST: _REDIS,
    QueueWay.STREAM: _REDIS,
    QueueWay.QUEUE: ("rabbitmq",),
    QueueWay.TASK: (*_REDIS, "rabbitmq"),
}
"""Which stores know each way."""


class Messenger:
    """Sends to the queues of one running stack. Passwords are looked up once, before the first message."""

    def __init__(self, project: RunningProject, events: Events, messages: tuple[WorkMessage, ...]) -> None:
        """
        Get ready to send.

        Raises:
            LabError: a service is not such a store, or its driver is not installed.
        """
        self._stores = {one.service: _store(project, events, one) for one in messages}

    def send(self, message: WorkMessage, body: str) -> None:
        """
        Send one message.

        Args:
            message: where it goes.
            body: its body, with the worker's marker in it.

        Raises:
            OSError: it was not accepted.
            ValueError: the password is wrong.
        """
        store = self._stores[message.service]
        if isinstance(store, Rabbit):
            sent, headers = (body, {}) if message.way is QueueWay.QUEUE else (_arguments(body), task(message.name))
            queue = message.name if message.way is QueueWay.QUEUE else CELERY
            store.publish(queue, sent.encode(), headers)
        else:
            push(store, message, body)


def _store(project: RunningProject, events: Events, message: WorkMessage) -> Redis | Rabbit:
    service = project.stack.services[message.service]
    if service.store not in _WAYS[message.way]:
        known = ", ".join(_WAYS[message.way])
        raise LabError(f"load.groups: {service.name} cannot take a {message.way}; a service of {known} can")
    if service.store != "rabbitmq":
        return markers.redis(project, events, service, message.name)
    if missing := Extra.RABBITMQ.missing:
        raise LabError(f"load.groups: {missing}")
    return markers.rabbitmq(project, events, service, message.name)


def push(store: Redis, message: WorkMessage, body: str) -> None:
    """
    One message to Redis.

    Raises:
        OSError: it was not accepted.
        ValueError: the password is wrong.
    """
    match message.way:
        case QueueWay.STREAM:
            words: tuple[str, ...] = ("XADD", message.name, "*", "data", body)
        case QueueWay.TASK:
            words = ("LPUSH", CELERY, enveloped(message.name, body))
        case _:
            words = ("RPUSH", message.name, body)
    with store.opened() as (connection, answers):
        markers.send(connection, *words)
        answer = answers.readline()
    if not answer.startswith((b":", b"$")):
        raise OSError(answer.decode("utf-8", "replace").strip() or "no answer")


def task(name: str) -> Mapping[str, Any]:
    """The headers of a call of a task."""
    number = str(uuid.uuid4())
    headers = {"lang": "py", "task": name, "id": number, "root_id": number, "parent_id": None, "group": None}
    return {**headers, "retries": 0, "eta": None, "expires": None, "origin": "seatrial"}


def _arguments(body: str) -> str:
    """Positional arguments, keywords, and what is called afterwards."""
    embedded = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
    return json.dumps([json.loads(body or "[]"), {}, embedded])


def enveloped(name: str, body: str) -> str:
    """A call of a task as kombu puts it into a list of Redis."""
    headers = task(name)
    properties = {
        "correlation_id": headers["id"], "delivery_mode": 2, "delivery_info": {"exchange": "", "routing_key": CELERY},
        "priority": 0, "body_encoding": "base64", "delivery_tag": str(uuid.uuid4()),
    }  # fmt: skip
    encoded = base64.b64encode(_arguments(body).encode()).decode()
    return json.dumps({
        "body": encoded, "content-encoding": "utf-8", "content-type": "application/json", "headers": headers,
        "properties": properties,
    })  # fmt: skip
