"""Figures as Prometheus reads them: text format 0.0.4."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_IN_HELP: Final = str.maketrans({"\\": r"\\", "\n": r"\n"})
_IN_LABELS: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


@dataclass(slots=True)
class Family:
    """Figures of one name: what they are called, of which type they are, what they say, and each with its labels.

    Those of a histogram have names that end otherwise (`_bucket`, `_sum`, `_count`).
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    says: str
    samples: list[tuple[str, dict[str, str], float]] = field(default_factory=list)

    def add(self, value: float, ending: str = "", **labels: str) -> None:
        """Adds one figure."""
        self.samples.append((self.name + ending, labels, value))


def exposed(families: Iterable[Family]) -> str:
    """The text of figures, in their order."""
    return "".join(line + "\n" for family in families for line in _lines(family))


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.says.translate(_IN_HELP)}"
    yield f"# TYPE {family.name} {family.kind}"
    for name, labels, value in family.samples:
        inside = ",".join(f'{label}="{said.translate(_IN_LABELS)}"' for label, said in labels.items())
        yield f"{name}{{{inside}}} {value:.15g}" if inside else f"{name} {value:.15g}"
