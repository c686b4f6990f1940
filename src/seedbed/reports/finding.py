"""One sentence of a report, and how figures are said in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Level = Literal["good", "note", "bad"]


Do = Literal[
    "records", "figure", "section", "dedup", "suspects", "spot_check", "report", "recipe", "run", "augment", "import"
]
"""What a person can do: look at the records that a filter finds, at those behind a figure, or at what the section
lists; leave out what is said twice; flag labels that are doubted; judge a sample; make another report; change the
recipe; go on with the run, and make again what was declined; add changed copies; import a file."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something to be done about a finding by a button, where there is one.

    `where` of `records` is a filter of `GET /records`, of `figure` the `key` of a figure of the section, of `dedup`
    what the records are held `against` (`real`, `real_train` or `reference` of the report) and the `dataset`, if it is
    not the one that is reported on.
    """

    do: Do
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about a section of a report, how serious it is, what to do, and how to do it without a command."""

    section: str
    level: Level
    text: str
    todo: str = ""
    actions: tuple[Action, ...] = ()

    def document(self) -> dict[str, Any]:
        """It as plain data."""
        actions = [{"do": one.do, "where": dict(one.where)} for one in self.actions]
        return {"section": self.section, "level": self.level, "text": self.text, "todo": self.todo, "actions": actions}


BELOW = Action("section")
REPORT = Action("report")
SPOT_CHECK = Action("spot_check")
RECIPE = Action("recipe")
SUSPECTS = Action("suspects")


def percent(part: float) -> str:
    """A share in words: 41 %, 0.4 %."""
    return f"{100 * part:.0f} %" if part >= 0.1 or not part else f"{100 * part:.1f} %"


def between(interval: Sequence[float]) -> str:
    """An interval of shares in words: 78 to 84 %."""
    return f"{100 * interval[0]:.0f} to {100 * interval[1]:.0f} %"


def left_out(section: str, text: str, todo: str = "") -> Finding:
    """A section that the report lacks; another one can be made."""
    return Finding(section, "note", text, todo, (REPORT,))
