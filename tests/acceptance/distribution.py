"""docs/scores.svg: the scores of the calibration set beside the bands, drawn from the numbers of the table alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

WIDTH, LEFT, RIGHT, TOP, ROW = 860, 232, 60, 52, 24
GATE = 80
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}.dim{fill:#57606a;font-size:12px}.band{fill:#c9d9ef}"
    ".grid{stroke:#d0d7de}.gate{stroke:#57606a;stroke-dasharray:4 3}.in{fill:#1f5fae}.out{fill:#b3202a}.page{fill:#fff}"
    "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9aa4af}.band{fill:#2b405e}.grid{stroke:#30363d}"
    ".gate{stroke:#9aa4af}.in{fill:#6cb6ff}.out{fill:#ff8182}.page{fill:#0d1117}}"
)

Band = tuple[float, float]


def drawn(scores: Mapping[str, float], bands: Mapping[str, Band]) -> str:
    """
    The picture.

    Args:
        scores: 0 to 100 by repository, in the order of the rows.
        bands: lowest and highest score that an operator gave, by repository.
    """
    height = TOP + ROW * len(scores) + 30
    title = f"Scores of {len(scores)} calibration repositories, from {min(scores.values())} to {max(scores.values())}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d">',
        f'<title id="t">{title}</title>',
        '<desc id="d">A row for each repository: a bar for the band of an operator, a dot for the score.</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}"/>',
        *_legend(),
        *_axis(height - 30),
        *(line for row, name in enumerate(scores) for line in _row(row, name, scores[name], bands[name])),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _x(score: float) -> str:
    return f"{LEFT + (WIDTH - LEFT - RIGHT) * score / 100:.1f}"


def _legend() -> Iterator[str]:
    yield f'<rect class="band" x="{LEFT}" y="12" width="26" height="12" rx="3"/>'
    yield f'<text class="dim" x="{LEFT + 33}" y="22">an operator\'s band</text>'
    yield f'<circle class="in" cx="{LEFT + 165}" cy="18" r="5"/><text class="dim" x="{LEFT + 176}" y="22">score</text>'
    yield f'<circle class="out" cx="{LEFT + 235}" cy="18" r="5"/>'
    yield f'<text class="dim" x="{LEFT + 246}" y="22">score outside its band</text>'


def _axis(bottom: int) -> Iterator[str]:
    for score in range(0, 101, 20):
        kind = "gate" if score == GATE else "grid"
        yield f'<line class="{kind}" x1="{_x(score)}" x2="{_x(score)}" y1="{TOP - 12}" y2="{bottom}"/>'
        told = f"{score}, the gate" if score == GATE else str(score)
        yield f'<text class="dim" text-anchor="middle" x="{_x(score)}" y="{bottom + 18}">{told}</text>'


def _row(row: int, name: str, score: float, band: Band) -> Iterator[str]:
    middle = TOP + ROW * row + 4
    low, high = float(_x(band[0])), float(_x(band[1]))
    kind = "in" if band[0] <= score <= band[1] else "out"
    yield f'<text text-anchor="end" x="{LEFT - 14}" y="{middle + 4}">{escape(name)}</text>'
    yield f'<rect class="band" x="{low:.1f}" y="{middle - 6}" width="{high - low:.1f}" height="12" rx="3"/>'
    yield f'<circle class="{kind}" cx="{_x(score)}" cy="{middle}" r="5"/>'
    yield f'<text class="dim" x="{WIDTH - RIGHT + 16}" y="{middle + 4}">{score}</text>'
