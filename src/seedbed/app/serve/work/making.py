"""Jobs that make records: changed copies, and sentences with their slots filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seedbed.augmentation.slots import SlotTemplate
from seedbed.core.errors import InputError

from ...data.augment import Augmenting
from ...data.filling import WHERE, Wish, prepare
from ...data.given import distinct
from ...data.lexicon import Lexicon
from ...stages import counted
from .choosing import chosen_of
from .plans import wishes_of
from .working import as_it_is

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.record import Record

    from ...data.filling import Filling
    from ...existing import Source
    from ...workspace import Workspace
    from .working import Working

AUGMENT, FILL = "augment", "fill"


def augment(working: Working) -> dict[str, Any]:
    """Copies of records as a plan says, in a dataset of their own or beside what they were made of.

    Raises:
        InputError: the plan does not go with the records.
    """
    plan, into = dict(working.asked["plan"]), working.asked["into"]
    if into == working.job.dataset:
        plan["mode"] = "new"  # the others are there
    chosen = working.asked.get("chosen")
    source = chosen_of(working.workspace, working.job.dataset, chosen) if chosen else working.source()
    augmenting = Augmenting.of(source, wishes_of(plan), 1, working.workspace, working.watch)
    working.put(into, augmenting.columns, map(_sorted, augmenting.records()))
    figures, made = augmenting.figures, working.made_of(AUGMENT)
    reasons = dict(_reason(one) for one in figures["short"])
    return {
        **figures,
        "dataset": into,
        "run": made.run.id if made else None,
        "made": figures["copies"],
        "by_transform": {
            one["transform"]: {
                "asked": one["requested"],
                "made": one["produced"],
                "applicable": one["applicable"],
                "why": reasons.get(one["transform"], ""),
            }
            for one in figures["transforms"]
        },
        "messages": [*figures["notes"], *(f"{one}." for one in figures["short"])],
    }


def _sorted(record: Record) -> tuple[str, Record]:
    """A record with the kind of run it belongs to: a copy, or one of those it was made of."""
    return (AUGMENT, record) if "transform" in record.origin else as_it_is(record)


def _reason(short: str) -> tuple[str, str]:
    """The transform and the reason in a sentence such as "add_typo: 3 of 5, as it can change 3 of the records"."""
    return short.partition(": ")[0], short.partition(", as ")[2]


def fill(working: Working) -> dict[str, Any]:
    """Records of sentences with slots, so many of each.

    Raises:
        InputError: a template or a slot is wrong, or nothing can be filled in.
    """
    asked = working.asked
    templates = templates_of(asked["templates"])
    data = [working.source(asked["dataset"])] if asked.get("dataset") else []
    filling = filling_of(working.workspace, templates, asked, data)
    wanted = [int(one["n"]) for one in asked["templates"]]
    made = (record for one, n in zip(templates, wanted, strict=True) for record in filling.filler.fill(one, n))
    working.put(
        asked["into"], filling.columns, ((FILL, one) for one in counted(made, working.watch, "Filling", sum(wanted)))
    )
    tallies = filling.filler.tallies
    run = working.made_of(FILL)
    if run is None:
        raise InputError(f"{tallies[0].template.place}: nothing can be filled in: {tallies[0].lack}.", WHERE)
    return {
        "dataset": asked["into"],
        "run": run.run.id,
        "records": run.count,
        "made": run.count,
        "by_template": [
            {
                "template": one.template.text,
                "name": given.get("name") or "",
                "asked": one.requested,
                "made": one.made,
                "combinations": one.combinations,
                "why": one.lack,
            }
            for one, given in zip(tallies, asked["templates"], strict=True)
        ],
        "messages": [f"{one.template.place}: {one.lack}." for one in tallies if one.lack],
    }


def templates_of(given: Sequence[Mapping[str, Any]]) -> list[SlotTemplate]:
    """Templates as the API has them.

    Raises:
        InputError: one is wrong or there twice.
    """
    found = [template_of(one, number) for number, one in enumerate(given)]
    if len(distinct(found)) < len(found):
        raise InputError("Two templates have the same text.", "Give it once, with the sum of both as its `n`.")
    return found


def template_of(given: Mapping[str, Any], number: int) -> SlotTemplate:
    """One of them.

    Raises:
        InputError: its braces hold no slot.
    """
    columns = {str(name): value for name, value in (given.get("columns") or {}).items()}
    for name in ("text", "spans"):
        if name in columns:
            raise InputError(f"templates[{number}]: `{name}` is a column of the records that are made.", "Rename it.")
    label = {"label": given["label"]} if given.get("label") else {}
    return SlotTemplate(str(given["text"]), {**label, **columns}, f"templates[{number}]")


def filling_of(
    workspace: Workspace, templates: Sequence[SlotTemplate], asked: Mapping[str, Any], data: Sequence[Source]
) -> Filling:
    """Templates with the values for their slots.

    Raises:
        InputError: a slot has none.
    """
    lexicon = Lexicon.of(asked.get("values") or {})
    return prepare(workspace, Wish(templates, 1, data, lexicon, asked.get("faker"), (), int(asked.get("seed") or 0)))
