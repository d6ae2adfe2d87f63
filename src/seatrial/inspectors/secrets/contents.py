"""A file's contents, seen as the bytes that are matched and as the text that people and parsers read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from seatrial.text.encoding import decode, is_utf8

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FileContent:
    """One text file. Does not print what it holds."""

    data: bytes = field(repr=False)
    """UTF-8 without a mark, as far as the file is valid."""

    @classmethod
    def of(cls, raw: bytes) -> FileContent | None:
        """The contents of a file's bytes, or None if they are binary; UTF-16 and UTF-32 are text."""
        if is_utf8(raw):
            return cls(raw.removeprefix(_MARK))
        text = decode(raw)
        return None if text is None else cls(text.encode("utf-8", "replace"))

    @cached_property
    def text(self) -> str:
        """Decoded; bytes that are not UTF-8 become replacement characters."""
        return self.data.decode("utf-8", "replace")

    @cached_property
    def _is_ascii(self) -> bool:
        return self.data.isascii()

    def characters(self, offsets: Iterable[int]) -> Mapping[int, int]:
        """For each offset into `data` the offset into `text`; one pass for any number."""
        wanted = sorted(set(offsets))
        if self._is_ascii:
            return {offset: offset for offset in wanted}
        found: dict[int, int] = {}
        characters = done = 0
        for offset in wanted:
            cut = self._boundary(offset)
            if cut > done:
                characters += len(self.data[done:cut].decode("utf-8", "replace"))
                done = cut
            found[offset] = characters
        return found

    def _boundary(self, offset: int) -> int:
        """The next place that is not inside a character: decoding the two sides apart gives the same as together."""
        end = min(offset + 3, len(self.data))
        while offset < end and self.data[offset] & 0xC0 == 0x80:
            offset += 1
        return offset


@dataclass(frozen=True, slots=True)
class LineStarts:
    """Where the lines of a text begin: offsets to line and column."""

    text: str = field(repr=False)
    starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str, offsets: Iterable[int]) -> LineStarts:
        """Prepared for these offsets: newlines are counted once, up to the last of them."""
        last = max(offsets, default=0)
        starts = [0]
        position = text.find("\n", 0, last)
        while position >= 0:
            starts.append(position + 1)
            position = text.find("\n", position + 1, last)
        return cls(text, tuple(starts))

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset that is not beyond those it was prepared for."""
        low, high = 0, len(self.starts)
        while high - low > 1:
            middle = (low + high) // 2
            if self.starts[middle] <= offset:
                low = middle
            else:
                high = middle
        return low + 1, offset - self.starts[low] + 1

    def bounds(self, line: int) -> tuple[int, int]:
        """Where a line begins and ends, without its line break."""
        start = self.starts[line - 1]
        end = self.text.find("\n", start)
        return start, len(self.text) if end < 0 else end
