"""Takes questions and asks the agents."""

import os
import time
from pathlib import Path

import redis

queue = redis.Redis(host="redis", password=os.environ["REDIS_PASSWORD"])


def plan(question: str) -> list[str]:
    """The steps of an answer."""
    return [f"research: {question}", f"draft: {question}", "review"]


def main() -> None:
    while True:
        Path("/tmp/beat").touch()
        taken = queue.blpop(["questions"], timeout=5)
        if taken:
            for step in plan(taken[1].decode()):
                queue.rpush("steps", step)
        time.sleep(0.1)


if __name__ == "__main__":
    main()
