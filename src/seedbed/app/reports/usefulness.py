"""What the measure of usefulness needs from outside: vectors of texts, and a tagger."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.providers.offline import Offline
from seedbed.reports.entities import entities
from seedbed.reports.fields import fields
from seedbed.reports.learning import Meanings, Words, require
from seedbed.reports.usefulness import usefulness

from ..loop import run_blocking
from . import crf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.vectors import Vector
    from seedbed.reports.learning import Learner
    from seedbed.reports.table import Table


def useful(table: Table, test: Table, train: Table | None, seed: int) -> dict[str, Any]:
    """What of a dataset's labels, entities and answers is of use on real records; only those that both have.

    Raises:
        MissingExtra: a library is not installed.
        InputError: the real records to learn from lack what those to test on have.
    """
    found: dict[str, Any] = {}
    labelled, tagged = table.labelled and test.labelled, bool(table.spans and test.spans)
    if labelled or tagged or (table.answers and test.answers):
        require()
    if labelled:
        _same_kind(train, train is None or train.labelled, "labels")
        found["labels"] = usefulness(table, test, train, _learners(), seed)
    if tagged:
        _same_kind(train, train is None or bool(train.spans), "spans")
        found["entities"] = entities(table, test, train, crf.tag, seed)
    if table.answers and test.answers:
        found["answers"] = fields(table, test, seed)
    return found


def _same_kind(train: Table | None, has: bool, what: str) -> None:
    if train is not None and not has:
        message = f"The real records to learn from have no {what}, but those to test on have."
        raise InputError(message, "Name a file with --real-train that has them, or leave it out.")


def _learners() -> list[Learner]:
    """The classifiers that can be had here."""
    return [Words(), *([Meanings(_vectors)] if find_spec("wordllama") else [])]


def _vectors(texts: Sequence[str]) -> Sequence[Vector]:
    return run_blocking(Offline().embed(texts))
