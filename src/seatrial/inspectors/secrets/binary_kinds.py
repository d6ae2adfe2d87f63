"""
What a file without text is: pictures and the like are outside the question, an archive is a part that was not searched.

By the first bytes, as `file` does it, and by the name where a format has no signature.
"""

from __future__ import annotations

import enum
import posixpath
import re


class BinaryKind(enum.Enum):
    """How a binary file counts for the search of secrets."""

    MEDIA = enum.auto()
    """Pictures, sound, video, fonts, documents to look at and compiled code: no place where people keep secrets."""
    ARCHIVE = enum.auto()
    """Holds other files, which are not searched."""
    UNKNOWN = enum.auto()


_ARCHIVES = (
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07",
    b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"!<arch>\n", b"\xed\xab\xee\xdb", b"MSCF", b"xar!",
)  # fmt: skip
_MEDIA = (
    b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0", b"\0\0\2\0", b"8BPS",
    b"RIFF", b"OggS", b"fLaC", b"ID3", b"\xff\xfb", b"\x1aE\xdf\xa3", b"FLV", b"FWS", b"CWS", b"wOFF", b"wOF2",
    b"\0\1\0\0", b"OTTO", b"ttcf", b"true", b"%PDF", b"%!PS", b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\0asm", b"\x1bLua", b"\xde\x12\x04\x95", b"glTF", b"\x93NUMPY",
    b"\x89HDF", b"PAR1",
)  # fmt: skip
_MEDIA_NAME = re.compile(
    r"\.(?:pyc|pyo|class|o|obj|a|so|dll|exe|ico|icns|eot|ttf|otf|woff2?|mo|mp[34]|m4[av]|mov|avi|webm|wav|heic|avif"
    r"|jpe?g|png|gif|bmp|tiff?|psd|pdf|dex|wasm|pdb|ilk|cur|ani|swf|fla|blend|fbx|glb|stl|npy|npz|h5|parquet|onnx)$",
    re.IGNORECASE,
)
_TEXT_NAME = re.compile(
    r"(?:^|\.)(?:env|ini|cfg|conf|config|toml|ya?ml|json|xml|properties|py|rb|php|js|ts|go|rs|java|kt|cs|sh|ps1|sql|tf|md|txt"
    r"|html?|csv|pem|key|crt|lock|npmrc|netrc)$",
    re.IGNORECASE,
)
"""Names of text: a file there without text is not a picture, with any first bytes."""
_TAR = 257  # offset of the signature (POSIX 1003.1, ustar)
_BOX = 4  # offset of `ftyp` in MPEG-4 and HEIF


def kind_of(path: str, data: bytes) -> BinaryKind:
    """What a file is whose bytes are not text."""
    if data.startswith(_ARCHIVES) or data[_TAR : _TAR + 5] == b"ustar":
        return BinaryKind.ARCHIVE
    if _TEXT_NAME.search(posixpath.basename(path)):
        return BinaryKind.UNKNOWN
    if data.startswith(_MEDIA) or data[_BOX : _BOX + 4] == b"ftyp" or _MEDIA_NAME.search(posixpath.basename(path)):
        return BinaryKind.MEDIA
    return BinaryKind.UNKNOWN
