"""Samples that people judge in the studio: the draw and the figures are those of `seedbed spot-check`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NoRecords, NotFound, nearest
from seedbed.core.record import flat_text
from seedbed.core.serving.jobs import StoredSpotCheck
from seedbed.core.stored import StoredVerdict
from seedbed.reports.spot_check import Verdict, drawn, figures

from ...reports.spot_check import ALL
from .working import records_of

if TYPE_CHECKING:
    from seedbed.core.stored import Store

MOST = 1000
"""So many records are drawn at most: a person judges them."""


def draw(store: Store, wanted: StoredSpotCheck, n: int) -> StoredSpotCheck:
    """Draws and keeps a sample; the same `n` and seed draw the same records as the command does.

    Raises:
        InputError: there are no records, or no such column.
    """
    names, strata, columns = list[str](), list[str](), dict[str, None]()
    for record in records_of(store, wanted.dataset)():
        names.append(record.id)
        columns.update(dict.fromkeys(record.values))
        strata.append(flat_text(record.values.get(wanted.by)) if wanted.by else ALL)
    if not names:
        raise NoRecords("There are no records to judge.")
    if wanted.by and wanted.by not in columns:
        raise InputError(f"There is no column `{wanted.by}`.", nearest(wanted.by, columns))
    places = drawn(strata, n, wanted.seed)
    return store.quality.add_spot_check(
        StoredSpotCheck(
            "",
            wanted.dataset,
            wanted.project,
            [names[place] for place in places],
            [strata[place] for place in places],
            dict(Counter(strata)),
            wanted.seed,
            wanted.by,
            who=wanted.who,
        )
    )


def judge(store: Store, check: StoredSpotCheck, verdict: StoredVerdict) -> None:
    """Keeps what a person says of a record, in the place of what the same one said before.

    Raises:
        NotFound: it is not in the sample.
    """
    if verdict.record not in check.sample:
        raise NotFound(f"{verdict.record[:80]} is not in the sample.", "Judge the records that were drawn.")
    store.put_verdict(verdict)


def figures_of(store: Store, check: StoredSpotCheck) -> dict[str, Any]:
    """What the sample says so far. Where several judges differ, a record is wrong that one calls wrong."""
    strata = dict(zip(check.sample, check.strata, strict=True))
    said = said_of(store, check)
    right: dict[str, bool] = {}
    for one in said:
        right[one.record] = right.get(one.record, True) and one.right
    verdicts = [Verdict(strata[name], found) for name, found in right.items()]
    found = figures(verdicts, {name: check.counts[name] for name in sorted(check.counts)})
    judges = dict(Counter(one.judge for one in said))
    return {"sample": len(check.sample), "right": found["judged"] - found["wrong"], **found, "judges": judges}


def said_of(store: Store, check: StoredSpotCheck) -> list[StoredVerdict]:
    """What anybody said of the records of a sample."""
    names = set(check.sample)
    return [one for one in store.verdicts(check.dataset) if one.record in names]
