"""The worker: takes orders from the queue, ships them, and says by a file that it is alive."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from storefront.settings import setting
from storefront.store import Store, StoreUnavailable

NEW, TAKEN = "orders:new", "orders:taken"
WAIT = 1
"""Seconds that one look at an empty queue waits."""


def work_once(store: Store) -> str | None:
    """
    Ship one order, if there is one.

    The order stays in a second list until it is shipped: a worker that dies in between loses nothing.
    """
    order = store.call("BLMOVE", NEW, TAKEN, "RIGHT", "LEFT", str(WAIT), timeout=WAIT + 2)
    if order is None:
        return None
    store.call("HSET", f"order:{order}", "status", "shipped")
    store.call("LREM", TAKEN, "1", str(order))
    return str(order)


def recover(store: Store) -> None:
    """Put back what an earlier worker took and did not ship."""
    while store.call("LMOVE", TAKEN, NEW, "RIGHT", "LEFT") is not None:
        pass


def main() -> None:
    """Work until SIGTERM; when the store is away, try again every second."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    store = Store.from_environment()
    heartbeat = Path(setting("HEARTBEAT"))
    recovered = False
    while not stop.is_set():
        try:
            if not recovered:
                recover(store)
                recovered = True
            work_once(store)
            heartbeat.touch()
        except StoreUnavailable:
            recovered = False
            stop.wait(1)


if __name__ == "__main__":
    main()
