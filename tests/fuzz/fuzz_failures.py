"""What counts as a failure of a target, how it is told apart from others, and how an input is kept."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import signal
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from fuzz_targets import CORPUS, Target

FOLDER = CORPUS / "fuzz"
"""Where inputs are kept that once broke a parser: a folder for each target."""
SIZE = 100_000
"""Bytes of the largest input that has to be read within `SECONDS`."""
SECONDS = 3.0
"""Processor time that any input may take."""
_PUMP = ".pump.json"


class TooSlowError(BaseException):
    """No `except Exception` of the code under test may catch it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which a target broke."""

    kind: str
    """Its error and the innermost place of ours: the same for the same flaw."""
    text: str
    """The traceback."""


@dataclass(frozen=True, slots=True)
class Pump:
    """An input that is a small part many times over: kept as what it is made of."""

    before: bytes
    part: bytes
    after: bytes
    size: int = SIZE

    def data(self) -> bytes:
        """The input."""
        room = max(0, self.size - len(self.before) - len(self.after))
        return self.before + self.part * (room // max(1, len(self.part))) + self.after


def failure(target: Target, data: bytes, cache: Path, *, seconds: float = SECONDS) -> Failure | None:
    """How a target breaks on an input; None if it does not."""
    try:
        with _limit(seconds):
            target.check(data, cache)
    except TooSlowError as error:
        return Failure(f"slow {_outermost(error)}", "".join(traceback.format_exception(error, limit=-12)))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of Rust is no Exception, and whatever it is counts
        return Failure(
            f"{type(error).__name__} {_innermost(error)}", "".join(traceback.format_exception(error, limit=-12))
        )
    return None


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Processor time, not that of the clock: other programs run beside."""

    def late(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _ours(error: BaseException) -> list[traceback.FrameSummary]:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/src/seatrial/" in f.filename]
    return frames or list(traceback.extract_tb(error.__traceback__))


def _innermost(error: BaseException) -> str:
    frame = _ours(error)[-1]
    return f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}"


def _outermost(error: BaseException) -> str:
    """Where the time went is chance; which parser was called is not."""
    frames = _ours(error)
    return ">".join(f"{Path(f.filename).stem}.{f.name}" for f in frames[:4])


def keep(target: Target, found: bytes | Pump) -> Path:
    """Write an input into the corpus."""
    folder = FOLDER / target.name
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(found, Pump):
        parts = {"before": found.before, "part": found.part, "after": found.after}
        document = {name: part.decode("latin-1") for name, part in parts.items()} | {"size": found.size}
        body, ending = json.dumps(document, indent=1).encode() + b"\n", _PUMP
    else:
        body, ending = found, ""
    path = folder / f"{hashlib.sha256(body).hexdigest()[:12]}{ending}"
    path.write_bytes(body)
    return path


def kept(path: Path) -> bytes:
    """The input in a file of the corpus."""
    body = path.read_bytes()
    if not path.name.endswith(_PUMP):
        return body
    document = json.loads(body)
    before, part, after = (document[name].encode("latin-1") for name in ("before", "part", "after"))
    return Pump(before, part, after, document["size"]).data()


def settle() -> None:
    """Let garbage of one input not count as time of the next."""
    gc.collect()
