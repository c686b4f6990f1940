"""Does a model say the same of changed texts? And if not: which copies of its training data are to mend that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import chain, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from seedbed.augmentation.cases import cases_of, fitting
from seedbed.augmentation.langtest_file import MEANING, tested
from seedbed.augmentation.making import LABEL, names_of
from seedbed.augmentation.weakness import MINIMUM, Outcome, proposal
from seedbed.core.dice import stable_hash
from seedbed.core.errors import InputError
from seedbed.core.record import Record, Span
from seedbed.formats.rows import place_of

from ..stages import Stage, Watch, counted, unwatched
from .augment import Augmenting
from .subjects import text_id
from .wishes import PlanFile, Wishes

if TYPE_CHECKING:
    from seedbed.augmentation.cases import Answer, Judged
    from seedbed.augmentation.plan import Plan

    from ..existing import Source
    from .subjects import Task

USUAL = (
    "lowercase",
    "uppercase",
    "titlecase",
    "strip_punctuation",
    "add_punctuation",
    "add_whitespace",
    "add_typo",
    "add_ocr_typo",
)
"""Transforms where none are named: noise that changes how a text looks, and nothing of what it says."""

SHOWN = 3
"""Failures in the figures: of each transform one, then the next."""

FAILURE_COLUMNS = ["transform", "record", "text", "changed", "expected", "got"]
CASE_COLUMNS = ["id", "text", "transform", "original"]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a model is tested: `min_pass_rate` where a transform has none of its own, `limit` records at most, and
    `strict` about the edges of entities (see `augmentation.cases.judged`).

    Raises:
        InputError: one cannot be.
    """

    task: str = "auto"
    min_pass_rate: float | None = None
    limit: int | None = None
    strict: bool = False

    def __post_init__(self) -> None:
        if self.task not in ("auto", "classification", "entities"):
            raise InputError(f"There is no task `{self.task}`.", "Known: auto, classification, entities.")
        if self.min_pass_rate is not None and not 0 <= self.min_pass_rate <= 1:
            raise InputError(
                f"A pass rate is a number from 0 to 1, and no {self.min_pass_rate}.",
                "Take a share, such as 0.9 for nine of ten.",
            )
        if self.limit is not None and self.limit < 1:
            raise InputError(
                f"A test needs a record, and the limit is {self.limit}.", "Take a limit of 1 or more, or none."
            )


@dataclass(slots=True)
class Tested:
    """How a model did. `figures` are those of `--json`; `plan` gives data copies by what failed, None if nothing did.

    `failures` are records with the columns `transform`, `record` (its id, or its place as in #17), `text`, `changed`,
    `expected` and `got`.
    """

    figures: dict[str, Any]
    failures: list[Record]
    plan: Plan | None

    @property
    def passed(self) -> bool:
        """Whether every transform that could be judged reached its pass rate, and no case was left."""
        return bool(self.figures["state"] == "passed")


def wishes_of(
    plan: Any, transforms: Sequence[tuple[str, float | None]], seed: int | None, columns: Sequence[str] | None
) -> Wishes:
    """The transforms to test by: of a plan, ours or LangTest's, and by name; the usual ones if there are none.

    Raises:
        InputError: the plan cannot be read, or a field is wrong.
    """
    if plan is None and not transforms:
        transforms = [(kind, None) for kind in USUAL]
    if isinstance(plan, str | Path):
        plan = PlanFile.read(plan)
        plan.document = tested(plan.document)
    elif isinstance(plan, Mapping):
        plan = tested(plan)
    wishes = Wishes.of(plan, transforms, mode="new", seed=seed, columns=list(columns) if columns else None)
    return replace(wishes, read=replace(wishes.read, notes=tuple(one for one in wishes.read.notes if one != MEANING)))


@dataclass(slots=True)
class Trial:
    """A test that is about to be made: all its cases. `labels` are those of the data."""

    task: Task
    plan: Plan
    labels: tuple[str, ...]
    outcomes: list[Outcome]
    notes: list[str]
    terms: Terms
    records: int

    @classmethod
    def of(cls, source: Source, wishes: Wishes, terms: Terms, watch: Watch = unwatched) -> Trial:
        """Reads the data and makes the cases.

        Raises:
            InputError: the data cannot be read, or do not go with the plan or the task.
        """
        read = wishes.read
        with wishes.located():
            _check_meaning(read.plan)
        fitted = Augmenting.of(source, wishes, watch=watch)
        task = _task(terms.task, fitted.columns)
        data = _Data(task, _only(fitted.spec.columns))

        def again() -> Iterator[Record]:
            return counted(source(), watch, "Choosing", fitted.inputs)

        records = data.read(again, terms.limit, read.plan.seed)
        rates = [own if own is not None else terms.min_pass_rate for own in read.rates]
        usual = MINIMUM if read.rate is None else read.rate
        outcomes = []
        works = zip(names_of(read.plan), read.plan.transforms, rates, strict=True)
        for number, (name, transform, rate) in enumerate(works):
            watch(Stage("Changing texts", number, len(rates), "transforms"))
            cases, tally = cases_of(transform, fitted.spec, records)
            outcomes.append(Outcome(name, transform, usual if rate is None else rate, tally.applicable, cases))
        if not any(one.cases for one in outcomes):
            raise InputError("None of the transforms can change any of these texts.", "See: seedbed transforms")
        return cls(task, read.plan, tuple(data.labels), outcomes, list(read.notes), terms, len(records))

    @property
    def texts(self) -> list[str]:
        """What a model is asked about: all originals that were changed, and what became of them, each text once."""
        cases = [case for one in self.outcomes for case in one.cases]
        return [*dict.fromkeys([*(case.text for case in cases), *(case.changed for case in cases)])]

    def rows(self) -> Iterator[Record]:
        """The texts as rows of a file, for models that are asked elsewhere; columns are `CASE_COLUMNS`."""
        found: dict[str, tuple[str, str]] = {}
        for one in self.outcomes:
            for case in one.cases:
                found[case.text] = ("", "")
                found.setdefault(case.changed, (one.name, text_id(case.text)))
        for text in self.texts:
            values = (text_id(text), text, *found[text])
            yield Record(dict(zip(CASE_COLUMNS, values, strict=True)))

    def judge(self, answers: Mapping[str, Answer]) -> Tested:
        """What the answers of a model to `texts` mean; those it has not are left out."""
        for one in self.outcomes:
            one.judge(answers, strict=self.terms.strict)
        failures = [[_failure(one.name, case) for case in one.judged if not case.passed] for one in self.outcomes]
        in_turn = [record for several in zip_longest(*failures) for record in several if record]
        plan = proposal(self.plan, self.outcomes)
        return Tested(self._figures(answers, in_turn, plan), [*chain(*failures)], plan)

    def _figures(self, answers: Mapping[str, Answer], failures: Sequence[Record], plan: Plan | None) -> dict[str, Any]:
        unanswered = sum(one.unanswered for one in self.outcomes)
        originals = {case.parent: case for one in self.outcomes for case in one.cases if case.text in answers}
        entities = self.task == "entities"
        return {
            "state": "weak" if plan else "incomplete" if unanswered else "passed",
            "task": self.task,
            **({"strict": self.terms.strict} if entities else {}),
            "records": self.records,
            "texts": len(self.texts),
            "cases": sum(len(one.judged) for one in self.outcomes),
            "unanswered": unanswered,
            "measure": "f1" if entities else "accuracy",
            "originals": fitting((answers[case.text], case, False) for case in originals.values()),
            "transforms": [one.figures() for one in self.outcomes],
            "failures": len(failures),
            "first": [record.values for record in failures[:SHOWN]],
            "proposal": plan.document() if plan else None,
            "notes": self.notes + self._strangers(answers, originals.values()),
        }

    def _strangers(self, answers: Mapping[str, Answer], cases: Any) -> list[str]:
        """A model that has other names for the labels than the data is right about nothing."""
        said: dict[str, None] = {}
        for case in cases:
            answer = answers[case.text]
            said.update(dict.fromkeys([answer] if isinstance(answer, str) else [span.label for span in answer]))
        if not said or not self.labels or said.keys() & set(self.labels):
            return []
        theirs, ours = ", ".join([*said][:5]), ", ".join(self.labels[:5])
        return [f"The model says {theirs}, and the data say {ours}: how right it is cannot be told."]


def plan_text(tested: Tested, model: str) -> str:
    """The proposed plan as a file, with what it was made of as remarks."""
    assert tested.plan is not None
    weak = [one for one in tested.figures["transforms"] if one["ok"] is False]
    remarks = [
        f"What `seedbed robustness` found {model} weak at. Use it with:",
        "  seedbed augment TRAINING_DATA --plan THIS_FILE -o augmented.jsonl",
        *(f"{one['transform']}: {in_words(one)}" for one in weak),
    ]
    lines = [f"# {' '.join(line.split())}" for line in remarks]
    return "\n".join(lines) + "\n" + yaml.safe_dump(tested.plan.document(), sort_keys=False, allow_unicode=True)


def in_words(one: Mapping[str, Any]) -> str:
    """The pass rate among the figures of a transform."""
    low, high = one["interval"]
    return (
        f"{one['passed']:,} of {one['cases']:,} passed ({one['pass_rate']:.1%}, "
        f"95 % interval {low:.1%} to {high:.1%}), {one['min_pass_rate']:.0%} wanted"
    )


class _Data:
    """What is tested of the data, and the labels they have.

    Args:
        task: says where those are.
        column: the one with the texts.
    """

    def __init__(self, task: Task, column: str) -> None:
        self._task = task
        self._column = column
        self.labels: dict[str, None] = {}

    def read(self, source: Source, limit: int | None, seed: int) -> list[tuple[int, Record]]:
        """The records that have a text, with their places; if there are more than `limit`, some that are drawn.

        Raises:
            InputError: there is none, or one has no plain label.
        """
        candidates = self._candidates(source, seed)
        places = {place for _, place in (nsmallest(limit, candidates) if limit else candidates)}
        if not places:
            raise InputError(f"No record has a text in `{self._column}`.", "Name a column of texts: --column NAME")
        return [(place, record) for place, record in enumerate(source()) if place in places]

    def _candidates(self, source: Source, seed: int) -> Iterator[tuple[int, int]]:
        for place, record in enumerate(source()):
            text = record.values.get(self._column)
            if isinstance(text, str) and text.strip():
                self.labels.update(dict.fromkeys(self._labels_of(record, place)))
                yield stable_hash(seed, "limit", place), place

    def _labels_of(self, record: Record, place: int) -> list[str]:
        if self._task == "entities":
            return [span.label for span in record.spans if span.field == self._column]
        label = record.values.get(LABEL)
        if isinstance(label, list | dict):
            hint = "A model is tested by one label of each text."
            raise InputError(f"The label of {place_of(record, place + 1)} is a list.", hint)
        return [] if label is None or label == "" else [str(label)]


def _check_meaning(plan: Plan) -> None:
    for transform in plan.transforms:
        if transform.turns() or transform.becomes:
            raise InputError(
                f"`{transform.kind}` may turn what a text says, and then another answer is right.",
                "Leave it out: a model is tested by what changes nothing.",
            )


def _task(wanted: str, columns: Sequence[str]) -> Task:
    if wanted in ("classification", "entities"):
        return "entities" if wanted == "entities" else "classification"
    labels, spans = LABEL in columns, "spans" in columns
    if labels == spans:
        what = f"have both `{LABEL}` and spans" if labels else f"have no column `{LABEL}` and no spans"
        hint = "Say what the model does: --task classification or --task entities"
        raise InputError(f"The records {what}.", hint)
    return "classification" if labels else "entities"


def _only(columns: Sequence[str]) -> str:
    if len(columns) != 1:
        names = " and ".join(f"`{name}`" for name in columns)
        hint = "Name one: --column NAME"
        raise InputError(f"A model is tested by one text of a record, and these have {names}.", hint)
    return columns[0]


def _failure(name: str, one: Judged) -> Record:
    case = one.case
    values = (name, case.parent, case.text, case.changed, _plain(one.expected), _plain(one.got))
    return Record(dict(zip(FAILURE_COLUMNS, values, strict=True)))


def _plain(answer: Answer) -> Any:
    return answer if isinstance(answer, str) else [_span(span) for span in answer]


def _span(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "label": span.label}
