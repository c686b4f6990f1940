"""A record as people work on it: what was decided, tagged, edited, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from seedbed.core.errors import SeedbedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.record import Record, Span

Decision = Literal["todo", "approved", "declined", "flagged"]
"""The human's word about a record."""

Work = Literal["", "todo", "doing", "done"]
"""Where a record is as an annotation task; "" if it is none."""

Sort = Literal["first", "last", "doubt", "twins"]
"""In which order entries are read."""

DECISIONS: Final[tuple[str, ...]] = get_args(Decision)
WORKS: Final[tuple[str, ...]] = get_args(Work)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record under review.

    `record` is as it stands now, with its id, spans and tags; `source` says how it came to be: "synthetic",
    "augmented" or "imported". `version` grows by one with each change; `changed` is when that was, `by` whose.
    `suggested` is the label that fits better where the one it has was doubted, `doubt` how sure that is, from 0 to 1.
    `twins` is the group of records that say nearly the same it was found to be in, by the number of the first of them;
    0 for none. That is found, and not decided: it is no change, has no version and is not taken back.
    """

    number: int
    record: Record
    dataset: str
    source: str
    decision: Decision = "todo"
    work: Work = ""
    person: str = ""
    note: str = ""
    reason: str = ""
    version: int = 1
    changed: str = ""
    by: str = ""
    model: str = ""
    suggested: str = ""
    doubt: float = 0.0
    twins: int = 0

    def state(self) -> dict[str, Any]:
        """All that a change may change, as plain data."""
        return {
            "decision": self.decision,
            "work": self.work,
            "person": self.person,
            "note": self.note,
            "reason": self.reason,
            "suggested": self.suggested,
            "doubt": self.doubt,
            "tags": list(self.record.tags),
            "values": self.record.values,
            "spans": [span._asdict() for span in self.record.spans],
        }


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an entry: None leaves a field as it is.

    `version` is the one that was looked at: if the entry has another one by now, nothing is changed. None does not
    care.
    """

    id: str
    version: int | None = None
    decision: Decision | None = None
    work: Work | None = None
    person: str | None = None
    note: str | None = None
    reason: str | None = None
    suggested: str | None = None
    doubt: float | None = None
    tags: tuple[str, ...] | None = None
    values: Mapping[str, Any] | None = None
    spans: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of a dataset: None does not care. `words` are searched for in the texts, the last as a beginning.

    `span` is the label of a span that they have. `doubted` wants only those with a label that was doubted,
    `duplicates` those that are in a group of records that say nearly the same, `overlapping` those with spans that
    overlap. `sort` is "first" (in the order of their making), "last", "doubt": the label that is doubted most first, or
    "twins": group after group.
    """

    dataset: str
    decision: Decision | None = None
    work: Work | None = None
    handed_over: bool = False
    label: str | None = None
    model: str | None = None
    source: str | None = None
    tag: str | None = None
    person: str | None = None
    reason: str | None = None
    span: str | None = None
    words: str = ""
    doubted: bool = False
    duplicates: bool = False
    overlapping: bool = False
    sort: Sort = "first"


class Version(NamedTuple):
    """A dataset as it was kept at a moment: its `number` counts from 1, `records` is how many it holds."""

    dataset: str
    number: int
    note: str
    by: str
    at: str
    records: int


class Happening(NamedTuple):
    """One change of an entry as it was taken down: `before` and `after` hold the fields that differ."""

    batch: int
    version: int
    by: str
    at: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """Filters of a dataset, saved under a name; `where` holds fields of `Wanted`, `number` is its id."""

    dataset: str
    name: str
    where: dict[str, Any]
    by: str = ""
    number: int = 0


class Conflict(SeedbedError):
    """An entry was changed by somebody else meanwhile; `entry` is as it stands now."""

    def __init__(self, entry: Entry) -> None:
        who = f" by {entry.by}" if entry.by else ""
        super().__init__(
            f"{entry.record.id} was changed{who} meanwhile.", "Look at it again, then change it as it stands now."
        )
        self.entry = entry


class Looked(NamedTuple):
    """When a dataset was last looked through for records that say nearly the same, and by whom.

    It found so many `groups` with so many `records` in them; `newer` are those that came since, which are in none.
    """

    at: str
    by: str
    groups: int
    records: int
    newer: int


class Tallies(NamedTuple):
    """How often values of columns and labels of spans are there, the most frequent first."""

    columns: dict[str, dict[str, int]]
    spans: dict[str, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries of a dataset there are of each kind; `duplicates` are in a group of those that say the same."""

    total: int
    by: dict[str, dict[str, int]] = field(default_factory=dict)
    duplicates: int = 0

    @property
    def reviewed(self) -> int:
        """How many are approved or declined; what is flagged waits for another look."""
        decided = self.by.get("decision", {})
        return decided.get("approved", 0) + decided.get("declined", 0)
