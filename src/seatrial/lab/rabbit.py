"""
Markers in RabbitMQ: persistent messages in a durable queue of our own, each confirmed by the broker.

They are read without being taken: what is got and not acknowledged goes back into the queue when the connection ends.
Source: https://www.rabbitmq.com/docs/confirms
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from seatrial.text.redact import Secret

from .events import Events

_TIMEOUT = 2.0
_MOST = 100_000  # messages; ours are some thousands


@dataclass
class Rabbit:
    """By AMQP; a new connection for every batch, as after a failure."""

    service: str
    events: Events
    port: int
    user: str
    password: Secret
    vhost: str
    queue: str

    def write(self, numbers: Iterable[int]) -> set[int]:
        """Publish one after the other; the broker's confirmation is the acknowledgement."""
        import pika
        from pika.exceptions import AMQPError

        done: set[int] = set()
        persistent = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
        with contextlib.suppress(AMQPError, OSError, ValueError), self._open() as channel:
            channel.confirm_delivery()
            for number in numbers:
                channel.basic_publish("", self.queue, str(number).encode(), persistent, mandatory=True)
                done.add(number)
        return done

    def publish(self, queue: str, body: bytes, headers: Mapping[str, Any]) -> None:
        """
        One message to a queue of the application's, which has to be there.

        Raises:
            OSError: the broker did not accept it.
        """
        import pika
        from pika.exceptions import AMQPError

        properties = pika.BasicProperties(
            delivery_mode=pika.DeliveryMode.Persistent, headers=dict(headers) or None, content_encoding="utf-8",
            content_type="application/json" if headers else None, correlation_id=headers.get("id"),
        )  # fmt: skip
        try:
            with self._open(declared=False) as channel:
                channel.confirm_delivery()
                channel.basic_publish("", queue, body, properties, mandatory=True)
        except (AMQPError, ValueError) as error:
            raise OSError(f"not accepted: {type(error).__name__}") from None

    def read(self) -> set[int] | None:
        """Every message of the queue; it stays there."""
        from pika.exceptions import AMQPError

        found: set[int] = set()
        with contextlib.suppress(AMQPError, OSError, ValueError):
            with self._open() as channel:
                for _ in range(_MOST):
                    told, _, body = channel.basic_get(self.queue)
                    if told is None:
                        break
                    found.add(int(body))
            return found
        return None

    @contextmanager
    def _open(self, *, declared: bool = True) -> Iterator[Any]:
        import pika

        logging.getLogger("pika").setLevel(logging.CRITICAL)  # a broker that is away is what we want to see
        where = pika.ConnectionParameters(
            host=self.events.address(self.service),
            port=self.port,
            virtual_host=self.vhost,
            credentials=pika.PlainCredentials(self.user, self.password.reveal()),
            socket_timeout=_TIMEOUT,
            stack_timeout=2 * _TIMEOUT,
            blocked_connection_timeout=_TIMEOUT,
            connection_attempts=1,
        )
        connection = pika.BlockingConnection(where)
        try:
            channel = connection.channel()
            if declared:
                channel.queue_declare(self.queue, durable=True)
            yield channel
        finally:
            with contextlib.suppress(Exception):  # it may be gone already, in any way that there is
                connection.close()


def account(environment: Mapping[str, str], password: Secret | None) -> tuple[str, Secret, str]:
    """User, password and virtual host, by the official image's variables; its defaults where there are none."""
    user = environment.get("RABBITMQ_DEFAULT_USER") or "guest"
    given = environment.get("RABBITMQ_DEFAULT_PASS")
    known = Secret(given) if given else password or Secret("guest")
    return user, known, environment.get("RABBITMQ_DEFAULT_VHOST") or "/"
