"""One sentence of a report, and how figures are said in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

Level = Literal["good", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a section of a report, how serious it is, and what to do."""

    section: str
    level: Level
    text: str
    todo: str = ""

    def document(self) -> dict[str, str]:
        """It as plain data."""
        return asdict(self)


def percent(part: float) -> str:
    """A share in words: 41 %, 0.4 %."""
    return f"{100 * part:.0f} %" if part >= 0.1 or not part else f"{100 * part:.1f} %"


def between(interval: Sequence[float]) -> str:
    """An interval of shares in words: 78 to 84 %."""
    return f"{100 * interval[0]:.0f} to {100 * interval[1]:.0f} %"
