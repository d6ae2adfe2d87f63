"""The part of the store that the application uses, in memory."""

from __future__ import annotations

from storefront.store import StoreUnavailable


class FakeStore:
    """Answers commands like the real one; `away = True` makes it unavailable."""

    def __init__(self) -> None:
        self.hashes: dict[str, dict[str, str]] = {}
        self.lists: dict[str, list[str]] = {}
        self.away = False

    def call(self, *words: str, timeout: float | None = None) -> object:
        if self.away:
            raise StoreUnavailable("away")
        return getattr(self, words[0].lower())(*words[1:])

    def ping(self) -> str:
        return "PONG"

    def hset(self, key: str, *pairs: str) -> int:
        self.hashes.setdefault(key, {}).update(zip(pairs[::2], pairs[1::2], strict=True))
        return len(pairs) // 2

    def hgetall(self, key: str) -> list[str]:
        return [word for pair in self.hashes.get(key, {}).items() for word in pair]

    def lpush(self, key: str, value: str) -> int:
        self.lists.setdefault(key, []).insert(0, value)
        return len(self.lists[key])

    def lmove(self, source: str, target: str, *_: str) -> str | None:
        if not self.lists.get(source):
            return None
        value = self.lists[source].pop()
        self.lpush(target, value)
        return value

    def blmove(self, source: str, target: str, *_: str) -> str | None:
        return self.lmove(source, target)

    def lrem(self, key: str, _count: str, value: str) -> int:
        self.lists[key].remove(value)
        return 1
