"""What running containers show of how they are run."""

from __future__ import annotations

import pytest

from seatrial.lab.inspection import beside


@pytest.mark.parametrize(
    ("main", "others", "daemons"),
    [
        ("sh", ["cron", "tail"], ("cron",)),
        ("tail", ["nginx", "nginx", "php-fpm"], ("nginx", "php-fpm")),
        ("bash", ["tail", "sh"], ()),
        ("sh", ["gunicorn", "gunicorn"], ()),  # the shell waits for it, and ends with it
        ("postgres", ["postgres", "tail"], ()),
        ("cron", ["sh", "sleep"], ()),
        ("", [], ()),
    ],
)
def test_a_container_that_follows_a_log_outlives_its_daemons(
    main: str, others: list[str], daemons: tuple[str, ...]
) -> None:
    assert beside(main, others) == daemons
