"""What an augmentation or templates would give, on the first few records: quick, whatever the size of the data."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.layers import main_columns
from seedbed.augmentation.making import names_of
from seedbed.augmentation.plan import ReadPlan
from seedbed.core.errors import InputError, NoRecords
from seedbed.core.fields import FieldError
from seedbed.core.record import flat_text

from ...data.augment import Augmenting
from ...data.convert import columns_of
from ...data.wishes import Wishes
from .making import filling_of, template_of
from .plans import wishes_of
from .words import worded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.augmentation.plan import Plan
    from seedbed.core.record import Record

    from ...existing import Source
    from ...workspace import Workspace

FIRST = 300
"""So many records are looked at."""


def augmented(source: Source, plan: Mapping[str, Any], n: int) -> list[dict[str, Any]]:
    """What each transform of a plan makes of `n` records, those first that it can change; at their full share.

    Raises:
        InputError: the plan is wrong, or there are no records.
    """
    sample = list(islice(source(), FIRST))
    if not sample:
        raise NoRecords("There are no records to change.")
    whole = wishes_of(plan).read.plan
    columns = whole.columns or main_columns(columns_of(sample))
    items = []
    for at, name in enumerate(names_of(whole)):
        items += [{"transform": name, **one} for one in _by(whole, at, sample, columns[0], n)]
    return items


def _by(whole: Plan, at: int, sample: Sequence[Record], column: str, n: int) -> list[dict[str, Any]]:
    """What one transform makes of records."""
    one = whole.transforms[at].model_copy(update={"max_proportion": 1.0, "copies": 1})
    plan = whole.model_copy(update={"transforms": (one,), "mode": "new", "checks": (), "model": None})
    try:
        augmenting = Augmenting.of(lambda: iter(sample), Wishes(ReadPlan(plan)))
        copies = {copy.origin["parents"][0]: copy for copy in islice(augmenting.records(), n)}
    except FieldError as error:
        if error.path[:1] == ("transforms",):
            return _unchanged(sample[:n], column, f"{error.problem}.")
        raise
    # A record that has no id is its parent's by its place, so that it is changed as it will be.
    named = {record.id or f"#{number}": record for number, record in enumerate(sample, 1)}
    found = [
        {"before": _shown(record, column), "after": _shown(copies[name], column), "why": ""}
        for name, record in named.items()
        if name in copies
    ]
    others = [record for name, record in named.items() if name not in copies]
    return [*found, *_unchanged(others[: n - len(found)], column, "It can change nothing in this record.")]


def _unchanged(records: Sequence[Record], column: str, why: str) -> list[dict[str, Any]]:
    return [{"before": _shown(one, column), "after": None, "why": why} for one in records]


def _shown(record: Record, column: str) -> dict[str, Any]:
    return {
        "text": flat_text(record.values.get(column)),
        "spans": [span._asdict() for span in record.spans],
        "values": record.values,
    }


def filled(
    workspace: Workspace, asked: Mapping[str, Any], source: Source | None, n: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The first `n` records of each template, and what is wrong with those of which there are none."""
    sample = list(islice(source(), FIRST)) if source else []
    items: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    for at, given in enumerate(asked["templates"]):
        try:
            with worded():
                template = template_of(given, at)
                filling = filling_of(workspace, [template], asked, [lambda: iter(sample)] if sample else [])
            made = list(filling.filler.fill(template, min(n, int(given["n"]))))
        except InputError as error:
            message = error.message.removeprefix(f"templates[{at}]: ")
            problems.append({"template": at, "field": f"templates[{at}]", "message": message, "hint": error.advice})
            continue
        items += [{"template": at, "text": one.text, "spans": [span._asdict() for span in one.spans]} for one in made]
        [tally] = filling.filler.tallies
        if tally.combinations < int(given["n"]):
            problems.append(_few(at, tally.combinations, int(given["n"])))
    return items, problems


def _few(at: int, combinations: int, wanted: int) -> dict[str, Any]:
    message = f"There are {combinations:,} combinations of the values, and {wanted:,} records are wanted."
    return {"template": at, "field": f"templates[{at}].n", "message": message, "hint": "Add values, or ask for fewer."}


def proposed_from(labels: Sequence[str], source: Source | None, example: str) -> list[str]:
    """Sentences with slots that a model is to write further ones after: an example, or sentences of the data with their
    entities as slots, or just the labels.

    Raises:
        InputError: there are neither labels nor entities.
    """
    if example:
        return [example]
    found = list(dict.fromkeys(filter(None, map(_slotted, islice(source(), FIRST))))) if source else []
    if found:
        return found[:5]
    if not labels:
        raise InputError("No slots are named, and the first records have no entities.", "Give labels, such as PER.")
    return ["This is about " + " and ".join(f"{{{label}}}" for label in labels) + "."]


def _slotted(record: Record) -> str:
    """A text with its entities as slots; "" if it has none or they overlap."""
    text, at, counts = "", 0, dict[str, int]()
    whole = flat_text(record.values.get("text"))
    for span in sorted(span for span in record.spans if span.field == "text"):
        if span.start < at:
            return ""
        counts[span.label] = counts.get(span.label, 0) + 1
        name = span.label if counts[span.label] == 1 else f"{span.label}_{counts[span.label]}"
        text += f"{_escaped(whole[at : span.start])}{{{name}}}"
        at = span.end
    return text + _escaped(whole[at:]) if counts and len(whole) <= FIRST else ""


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
