"""Bars as small SVG files, drawn without a library. They read well on light and on dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

WIDTH, LABEL, LINE, TOP = 720, 210, 26, 34
OURS, OTHERS, WORDS = "#2f855a", "#7a8699", "#5b6575"


def bars(title: str, rows: Sequence[tuple[str, float, str]], most: float | None = None) -> str:
    """A bar chart: for each row its name, its value, and the value as it is written.

    Args:
        most: the value of a bar over the whole width; the largest if None.
    """
    most = most or max((value for _, value, _ in rows), default=0) or 1
    room = WIDTH - LABEL - 130
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {TOP + LINE * len(rows) + 6}" '
            f'width="{WIDTH}" font-family="system-ui, sans-serif" font-size="13" '
            f'role="img" aria-label="{escape(title)}">'
        ),
        f'<text x="0" y="18" fill="{WORDS}" font-weight="600">{escape(title)}</text>',
    ]
    for number, (name, value, written) in enumerate(rows):
        y = TOP + LINE * number
        length = max(1.0, room * min(1.0, value / most))
        colour = OURS if name == "Seedbed" else OTHERS
        lines += [
            f'<text x="{LABEL - 10}" y="{y + 15}" fill="{WORDS}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LABEL}" y="{y + 2}" width="{length:.1f}" height="18" rx="2" fill="{colour}"/>',
            f'<text x="{LABEL + length + 8:.1f}" y="{y + 15}" fill="{WORDS}">{escape(written)}</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"
