"""The queue for a person to review: records whose labels are doubted, the most suspicious first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.record import Record
from seedbed.reports.doubted import doubted
from seedbed.reports.labels import agreed, noise, shown, suspects

from ...stages import Stage, counted, unwatched
from ..tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seedbed.reports.labels import Suspect
    from seedbed.reports.table import Table

    from ...stages import Watch
    from .relabel import Relabel

COLUMNS = ["record", "text", "label", "suggested", "reason", "score", "accept"]
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Search:
    """Which labels are examined, and how many records come into the queue.

    `share` is the part of the records that does, instead of as many as are estimated to be wrong; `relabel` who labels
    them a second time.
    """

    columns: Sequence[str] = ()
    label: str | None = None
    seed: int = 7
    share: float | None = None
    relabel: Relabel | None = None

    def __post_init__(self) -> None:
        if self.share is not None and not 0 < self.share <= 1:
            raise InputError(
                f"A share of the records is above 0 and at most 1, and no {self.share}.",
                "Take a number such as 0.1 for a tenth of them.",
            )


@dataclass(frozen=True, slots=True)
class Queue:
    """The records to review, with the columns `COLUMNS`; `figures` are those of `--json`."""

    figures: dict[str, Any]
    rows: list[Record]


def queue(records: Iterable[Record], search: Search, watch: Watch = unwatched) -> Queue:
    """Examines the labels of all records, however many there are; `watch` hears how far it is.

    Raises:
        InputError: the records have no texts, or no two labels; or the model cannot be used.
        MissingExtra: scikit-learn is not installed.
        RunFailed: the model does not answer.
    """
    table = table_of(counted(records, watch, "Reading"), search.columns, search.label, ())
    if len({*table.labels} - {""}) < 2:
        hint = "Name the column of the labels: --label COLUMN"
        raise InputError("There is nothing to examine: the records have no two labels.", hint)
    second = search.relabel.second(table, watch) if search.relabel else None

    def heard(done: int, of: int) -> None:
        watch(Stage("Examining labels", done, of))

    found = doubted(table, search.seed, whole=True, heard=heard)
    suspected = suspects(table, found, second, search.share)
    figures = {
        "records": len(table),
        "noise": noise(found),
        **({"agreement": agreed(table, second)} if second else {}),
        "suspected": len(suspected),
        "suspects": [shown(table, one) for one in suspected[:SHOWN]],
    }
    return Queue(figures, [_row(table, one) for one in suspected])


def _row(table: Table, one: Suspect) -> Record:
    return Record(
        {
            "record": table.names[one.place],
            "text": table.texts[one.place],
            "label": table.labels[one.place],
            "suggested": one.suggested,
            "reason": one.reason,
            "score": one.score,
            "accept": "",
        }
    )
