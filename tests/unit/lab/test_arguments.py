"""Settings that a Compose file writes into a command."""

from __future__ import annotations

from seatrial.lab.configuration import arguments


def test_a_word_with_several_variables_is_named_and_one_with_one_or_none_is_not() -> None:
    raw = {
        "entrypoint": ["serve", "--url=http://${HOST}:${PORT:-80}/$$HOME", "--port=${PORT}"],
        "command": ["$$HOME/$NAME", "$A$A"],
    }
    assert list(arguments.several(raw)) == [
        ("--url=http://${HOST}:${PORT:-80}/$$HOME", ("HOST", "PORT")),
        ("$A$A", ("A",)),
    ]
    assert list(arguments.several({"command": "serve ${HOST} ${PORT}"})) == []
