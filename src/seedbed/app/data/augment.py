"""A dataset with changed copies of its records, as a plan says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.augment import Augmentation
from seedbed.augmentation.layers import main_columns
from seedbed.augmentation.making import LABEL, Spec
from seedbed.augmentation.plan import Plan
from seedbed.core.errors import InputError, NoRecords, nearest
from seedbed.core.fields import FieldError
from seedbed.formats.rows import place_of, to_row

from ..stages import Watch, counted, unwatched
from .approval import Approval
from .pool import processes

if TYPE_CHECKING:
    from seedbed.core.record import Record

    from ..existing import Source
    from ..output import Output
    from ..workspace import Workspace
    from .wishes import Wishes

ANSWERS = ("answer", "answers")
READING, LOOKING, MAKING = "Reading", "Looking what can be changed", "Making copies"


@dataclass(slots=True)
class Facts:
    """What must be known of the data beforehand: columns, mentions of entities by label, how many records there are."""

    columns: dict[str, None] = field(default_factory=dict)
    mentions: dict[str, dict[str, None]] = field(default_factory=dict)
    spans: bool = False
    records: int = 0

    @classmethod
    def of(cls, records: Iterable[Record], *, mentions: bool, first: int = 0) -> Facts:
        """Reads all once; `first` is how many there are before these.

        Raises:
            InputError: a span does not lie in its text.
        """
        found = cls()
        for record in records:
            found.records += 1
            _check_spans(record, first + found.records)
            if not record.values.keys() <= found.columns.keys():
                found.columns.update(dict.fromkeys(record.values))
            if record.spans:
                found.spans = True
                if mentions:
                    found._note(record)
        return found

    def take_in(self, other: Facts) -> None:
        """What is known of further records."""
        self.columns.update(other.columns)
        for label, texts in other.mentions.items():
            self.mentions.setdefault(label, {}).update(texts)
        self.spans = self.spans or other.spans
        self.records += other.records

    def fitted(self, plan: Plan) -> tuple[Spec, list[str]]:
        """All that is to be known to carry out a plan, and the columns that come out.

        Raises:
            InputError: it does not go with the data.
        """
        if not self.columns:
            raise NoRecords("There are no records to change.")
        _check(plan, self.columns)
        changed = plan.columns or main_columns([*self.columns])
        spec = Spec(plan, changed, {label: [*texts] for label, texts in self.mentions.items()})
        return spec, [*self.columns, *(["spans"] if self.spans and "spans" not in self.columns else [])]

    def _note(self, record: Record) -> None:
        for start, end, label, place in record.spans:
            value = record.values[place] if place in record.values else to_row(record, [place])[0]
            if isinstance(value, str):
                self.mentions.setdefault(label, {})[value[start:end]] = None


@dataclass(slots=True)
class Augmenting:
    """A plan that is about to be carried out; `columns` are those that come out, `inputs` is how many records go in."""

    spec: Spec
    source: Source
    columns: list[str]
    inputs: int
    notes: tuple[str, ...]
    workers: int = 1
    approval: Approval | None = None
    watch: Watch = unwatched
    figures: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        source: Source,
        wishes: Wishes,
        workers: int = 1,
        workspace: Workspace | None = None,
        watch: Watch = unwatched,
    ) -> Augmenting:
        """Looks whether the plan fits the data; its checks are made in a workspace, and not without.

        Raises:
            InputError: it does not.
        """
        plan = wishes.read.plan
        facts = Facts.of(counted(source(), watch, READING), mentions=looking(plan))
        with wishes.located():
            spec, columns = facts.fitted(plan)
            approval = None
            if plan.checks and workspace:
                approval = Approval(workspace, plan, spec.columns, [*facts.columns], watch)
        return cls(spec, source, columns, facts.records, wishes.read.notes, workers, approval, watch)

    def records(self) -> Iterator[Record]:
        """What comes out; afterwards `figures` are there.

        Raises:
            InputError: the input cannot be read or does not go with the plan.
        """
        stages = chain([LOOKING], repeat(MAKING))  # the data are read once for each

        def source() -> Iterator[Record]:
            return counted(self.source(), self.watch, next(stages), self.inputs)

        with processes(self.spec, self.workers) as run:
            made = Augmentation(self.spec, source, run, self.approval)
            count = 0
            for count, record in enumerate(made.records(), 1):  # noqa: B007
                yield record
        self.figures = {**told(made, self.spec, self.notes), "records": count}


def looking(plan: Plan) -> bool:
    """Whether the mentions of entities in the data must be known."""
    return any(one.looks for one in plan.transforms)


def told(made: Augmentation, spec: Spec, notes: Sequence[str]) -> dict[str, Any]:
    """The figures of an augmentation that has ended, but for the number of records that were written."""
    tallies = [tally.figures() for tally in made.tallies]
    short = [_short(one) for one in tallies if one["produced"] < one["requested"]]
    return {
        "state": "shortfall" if short else "complete",
        "mode": spec.plan.mode,
        "seed": spec.plan.seed,
        "columns": list(spec.columns),
        "inputs": made.inputs,
        "copies": sum(one["produced"] for one in tallies),
        "transforms": tallies,
        "short": short,
        "notes": list(notes),
    }


def augment(augmenting: Augmenting, output: Output) -> dict[str, Any]:
    """Writes what comes out and answers the figures.

    Raises:
        InputError: the input cannot be read, or the output not be written.
    """
    records: Iterable[Record] = augmenting.records()
    columns = augmenting.columns
    if output.with_origin:
        records, columns = map(with_origin, records), origin_columns(columns, augmenting.spec)
    output.put(records, columns, force=output.force)
    return augmenting.figures


def origin_columns(columns: Sequence[str], spec: Spec) -> list[str]:
    """The columns, and those that `with_origin` fills."""
    own = [f"parent_{column}" for column in spec.columns]
    return [*columns, *(name for name in (*own, "parent_spans", "transform", "edits") if name not in columns)]


def with_origin(record: Record) -> Record:
    """A copy with what it was made of and by what in columns of its own."""
    if "transform" not in record.origin:
        return record
    origin = {name: value for name, value in record.origin.items() if name != "parent"}
    parent = {f"parent_{name}": value for name, value in record.origin["parent"].items()}
    more = {**parent, "transform": origin["transform"], "edits": origin["edits"]}
    return replace(record, values=record.values | more, origin=origin)


def _check(plan: Plan, columns: Mapping[str, None]) -> None:
    """The columns are there, and no label is spoiled.

    Raises:
        InputError: not so.
    """
    for column in plan.columns or ():
        if column not in columns:
            raise FieldError(("columns",), f"there is no column `{column}`", nearest(column, columns))
    for number, transform in enumerate(plan.transforms):
        kept = next((name for name in (LABEL, *ANSWERS) if name in columns), None)
        if transform.turns() and kept and not (kept == LABEL and transform.becomes):
            raise FieldError(
                ("transforms", number),
                f"`{transform.kind}` may turn what a text says, and its `{kept}` would no longer be right",
                "Leave it out, or say what the labels become: becomes: {positive: negative, negative: positive}"
                if kept == LABEL
                else "Leave it out.",
            )


def _check_spans(record: Record, number: int) -> None:
    for span in record.spans:
        text = record.values.get(span.field) if span.field in record.values else to_row(record, [span.field])[0]
        if isinstance(text, str) and not 0 <= span.start < span.end <= len(text):
            place, where = place_of(record, number), f"the {len(text):,} characters of `{span.field}`"
            raise InputError(
                f"The span {span.start} to {span.end} ({span.label}) of {place} does not lie in {where}.",
                "Spans begin at 0 and end behind their last character.",
            )


def _short(tally: Mapping[str, Any]) -> str:
    why = []
    if tally["applicable"] < tally["requested"]:
        why.append(f"it can change {tally['applicable']:,} of the records")
    if tally["equal"]:
        why.append(f"{tally['equal']:,} of its copies equalled another record")
    if tally["rejected"]:
        why.append(f"{tally['rejected']:,} of its copies did not pass the checks")
    if tally["refused"]:
        why.append(f"{tally['refused']:,} of the records could not be changed without harm")
    if not why:
        why.append("further copies of a record would be the same")
    return f"{tally['transform']}: {tally['produced']:,} of {tally['requested']:,}, as {' and '.join(why)}"
