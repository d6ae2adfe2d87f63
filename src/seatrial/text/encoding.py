"""
The text in a file's bytes, in any encoding that it shows, and why a file has no text.

Byte-order marks name the encoding (Unicode 15, section 23.8). Without a mark, UTF-16 and UTF-32 are recognised by what
they decode to: assigned characters, no controls. NULs inside what is otherwise UTF-8 are kept: one NUL at the end of a
file must not hide the rest of it.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

_SAMPLE = 8192  # bytes looked at to tell text from binary, as git does
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEAST = 4  # characters: fewer could be anything
_WIDE = (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2))
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")  # not tab, line ends, page breaks, escape
_UNASSIGNED = frozenset({"Cn", "Co", "Cs"})
LFS = "Git LFS pointer"
"""Why a file has no content here: git-lfs keeps it elsewhere."""
BINARY = "binary"
"""Why a file has no text."""
CONFLICT = "merge-conflict markers"
"""Why a file's text does not count: either side may be meant."""
_LFS = re.compile(rb"version https://(?:git-lfs\.github\.com|hawser\.github\.com)/spec/v\d+\r?\n")
_MARKER = re.compile(rb"^(?:(<{7})(?: [^\n]*)?|(={7})|(>{7})(?: [^\n]*)?)\r?$", re.MULTILINE)


def decode(data: bytes) -> str | None:
    """
    The text of a file's bytes, or None if they are binary.

    Bytes that are invalid in the encoding become replacement characters; a byte-order mark is dropped.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" not in data[:_SAMPLE]:
        return data.decode("utf-8", "replace")
    if _is_text_with_nuls(data[:_SAMPLE]):
        return data.decode("utf-8", "replace")
    encoding = _wide_encoding(data[:_SAMPLE])
    return data.decode(encoding, "replace") if encoding else None


def is_binary(data: bytes) -> bool:
    """Whether there is no text in the bytes of a file."""
    sample = data[:_SAMPLE]
    return b"\0" in sample and decode(sample) is None


def is_utf8(data: bytes) -> bool:
    """Whether the bytes can be searched as they are: no mark of another encoding, no NUL."""
    return b"\0" not in data[:_SAMPLE] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def unreadable(data: bytes) -> str:
    """
    Why the bytes of a file are not what its name says: `binary`, `Git LFS pointer`, `merge-conflict markers`.

    An empty string if nothing is in the way. An empty file is for the caller: it can be right.
    """
    if _LFS.match(data):
        return LFS  # https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
    if is_binary(data):
        return BINARY
    text = data if is_utf8(data) else (decode(data) or "").encode("utf-8", "replace")
    return CONFLICT if has_conflict_markers(text) else ""


def has_conflict_markers(data: bytes) -> bool:
    """Whether git left a conflict in a file: all three markers, each at the beginning of a line and in order."""
    if b"<<<<<<<" not in data or b"\n>>>>>>>" not in data:
        return False
    due = 1  # one pass over the lines: an expression for all three would begin anew at each first marker
    for marker in _MARKER.finditer(data):
        if marker.lastindex == due:
            due += 1
            if due > 3:
                return True
    return False


def _wide_encoding(sample: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: the one with the most Latin characters of those that decode to plain text."""
    best, found = 0, ""
    for encoding, width in _WIDE:
        try:
            # a character may be cut off at the end of the sample, or of a file that was cut off
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        if len(sample) < _LEAST * width or "\0" in text.rstrip("\0") or not _is_plain(text.rstrip("\0")):
            continue
        latin = sum(character < "\u0100" for character in text)
        if latin > best:
            best, found = latin, encoding
    return found


def _is_text_with_nuls(sample: bytes) -> bool:
    """UTF-8 with NULs in it: at the end, or as separators of words."""
    stripped = sample.rstrip(b"\0")
    if stripped.count(b"\0") * 4 > len(stripped) or not stripped:  # a binary format has runs of them
        return False
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(stripped)
    except UnicodeDecodeError:
        return False
    return "\0\0" not in text and _is_plain(text.replace("\0", ""))


def _is_plain(text: str) -> bool:
    """Whether people could have written it: no control characters, nothing that Unicode does not know."""
    return bool(text) and not _CONTROLS.search(text) and not any(unicodedata.category(c) in _UNASSIGNED for c in text)
