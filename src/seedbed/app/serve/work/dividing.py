"""Jobs that share records out: into parts that know nothing of each other, and without what is said twice."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NoRecords

from ...data.convert import columns_of
from ...data.split import Splitting, divide, main_column
from ...reports.dedup import SEMANTIC, Deduplication, Wish
from ...stages import counted
from .working import as_it_is

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .working import Working


def part_name(dataset: str, part: str) -> str:
    """What the dataset of a part is called."""
    return f"{dataset}-{part}"


def shares_of(shares: Mapping[str, float]) -> tuple[Fraction, ...]:
    """The weights of the parts.

    Raises:
        InputError: these are not two or three positive numbers.
    """
    weights = tuple(Fraction(str(share)) for share in shares.values())
    if not 2 <= len(weights) <= 3 or min(weights) <= 0:
        raise InputError(
            "shares: two or three parts with positive shares are needed.", "For example: {train: 0.8, test: 0.2}"
        )
    return weights


def split(working: Working) -> dict[str, Any]:
    """The records of a dataset in two or three new ones; what belongs together stays together.

    Raises:
        InputError: there are no records, or no such column.
    """
    asked, source = working.asked, working.source()
    columns = columns_of(counted(source(), working.watch, "Reading"))
    if not columns:
        raise NoRecords("There are no records to split.")
    by = asked.get("by")
    if by and by not in columns:
        raise InputError(
            f"There is no column `{by}` whose shares could be kept.", f"The columns: {', '.join(columns[:20])}."
        )
    wish = Splitting(shares_of(asked["shares"]), by, int(asked.get("seed") or 0))
    division = divide(source, main_column(columns, source()), wish, working.watch)
    division = replace(division, parts=tuple(asked["shares"]))
    for part in division.parts:
        records = counted(source(), working.watch, f"Writing {part}", division.total)
        working.put(part_name(working.job.dataset, part), columns, map(as_it_is, division.records(records, part)))
    sizes = {part_name(working.job.dataset, part): size for part, size in division.sizes.items()}
    return {"datasets": sizes, "records": sum(sizes.values()), **division.figures()}


def dedup(working: Working) -> dict[str, Any]:
    """What stays of a dataset, as a new one.

    Raises:
        InputError: there are no records, or no such column.
    """
    asked = working.asked
    against = working.source(asked["against"]) if asked.get("against") else None
    semantic = asked.get("semantic_threshold") or (SEMANTIC if asked.get("semantic") else None)
    score, near = asked.get("score"), asked.get("near", 0.9)
    columns = tuple(asked.get("columns") or ())
    wish = Wish(near, semantic, asked["within"], asked["keep"], columns, asked["label"], score, against)
    found = Deduplication(working.source(), wish, working.watch)
    found.run()
    kept = counted(found.kept(), working.watch, "Writing")
    working.put(asked["into"], found.columns, map(as_it_is, kept))
    figures = found.figures()
    shown = {one[key] for one in figures["examples"] for key in ("record", "like") if key in one}
    names = {at: record.id for at, record in enumerate(working.source()() if shown else (), 1) if at in shown}
    for one in figures["examples"]:
        one.update({key: names[one[key]] for key in ("record", "like") if key in one})
    return {"dataset": asked["into"], **figures}
