"""What a report measures, and on what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, MissingExtra, nearest
from seedbed.reports.balance import balance
from seedbed.reports.bias import bias
from seedbed.reports.compare import compare, parts
from seedbed.reports.diversity import diversity
from seedbed.reports.duplicates import against, duplicates
from seedbed.reports.finding import Finding, left_out
from seedbed.reports.findings import findings
from seedbed.reports.judges import judges
from seedbed.reports.labels import labels
from seedbed.reports.meaning import semantic, vendi
from seedbed.reports.page import SECTIONS
from seedbed.reports.privacy import privacy
from seedbed.reports.two_sample import two_sample

from ..stages import Stage, counted, unwatched
from .dedup import SEMANTIC
from .evidence import Library, about_documents, measured_answers
from .finding import drawn, groups, personal, vectors_of
from .report import Report
from .tables import table_of
from .usefulness import useful

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seedbed.core.record import Record
    from seedbed.reports.table import Table

    from ..existing import Source
    from ..stages import Watch
    from .labels.relabel import Relabel

COMPARE = "compare"

NEEDS = {
    COMPARE: "several datasets, or a column to compare by: --compare COLUMN",
    "balance": "labels (--label COLUMN), or other columns with few different values",
    "labels": "two labels at least: --label COLUMN",
    "privacy": "texts that people wrote: --real FILE",
    "bias": "English texts that speak of men, women or countries, and labels (--label COLUMN)",
    "faithfulness": "the columns `question` and `evidence` or `contexts`",
    "judges": "judges, which a recipe names in `report`",
    "cost": "a run or dataset of the workspace",
}
"""What a section is measured on that not every dataset has."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be reported on, and what it is held against; `watch` hears how far it is."""

    only: Sequence[str] = ()
    columns: Sequence[str] = ()
    label: str | None = None
    near: float = 0.9
    seed: int = 7
    real: Source | None = None
    real_train: Source | None = None
    reference: Source | None = None
    relabel: Relabel | None = None
    targets: Mapping[tuple[str, ...], int] | None = None
    axes: Sequence[str] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    marks: Marks | None = None
    compare: str | None = None
    library: Library = field(default_factory=Library)
    watch: Watch = unwatched


@dataclass(frozen=True, slots=True)
class Marks:
    """What judges said of the records, in their order: `given` by judge the marks, `reasons` by judge the words."""

    given: Mapping[str, Sequence[float | None]]
    reasons: Mapping[str, Sequence[str]]


def measured(name: str, records: Iterable[Record], question: Question) -> Report:
    """The report on some records.

    Raises:
        InputError: there are none, they have no texts, a section is unknown, or what is asked does not go together.
        RunFailed: the model that is to label them again does not answer.
    """
    check_question(question)
    table, answers = _read(counted(records, question.watch, "Reading"), question)
    second = question.relabel.second(table, question.watch) if question.relabel else None
    real = table_of(question.real(), question.columns, question.label, ()) if question.real else None
    measures: dict[str, Callable[[], Any]] = {
        COMPARE: lambda: _parts(table, question) if question.compare else None,
        "balance": lambda: balance(table, question.targets) if table.labelled or table.axes else None,
        "duplicates": lambda: _duplicates(table, question),
        "diversity": lambda: _diversity(table, real, question),
        "labels": lambda: labels(table, second, question.seed),
        "usefulness": lambda: _usefulness(table, real, question),
        "privacy": lambda: _privacy(table, real, question),
        "bias": lambda: _bias(table, real, question),
        "faithfulness": lambda: answers,
        "judges": lambda: judges(table, question.marks.given, question.marks.reasons) if question.marks else None,
        "cost": lambda: question.facts.get("cost"),
    }
    figures: dict[str, Any] = {"input": name, "records": len(table)}
    lacking = list[Finding]()
    asked = {name: measure for name, measure in measures.items() if not question.only or name in question.only}
    for number, (section, measure) in enumerate(asked.items()):
        question.watch(Stage(f"Measuring {section}", number, len(asked), "sections"))
        try:
            found = measure()
        except MissingExtra as error:
            if question.only:
                raise
            found = None
            lacking.append(left_out(section, f"This section is left out. {error.message}", f"{error.hint}."))
        if found:
            figures[section] = found
        elif section in question.only and section in NEEDS:
            lacking.append(left_out(section, f"There is nothing to measure: it needs {NEEDS[section]}."))
    return Report(name, figures, [*findings(figures), *lacking])


def _read(records: Iterator[Record], question: Question) -> tuple[Table, dict[str, Any] | None]:
    """The table of the records, and the figures of faithfulness where they are of that kind: for these they are held
    until they are measured, others are let go one by one."""
    first = list(islice(records, 1))
    rows: Iterable[Record] = chain(first, records)
    held = list(rows) if first and about_documents(first[0].values) else []
    table = table_of(held or rows, question.columns, question.label, question.axes)
    return table, measured_answers(held, question.library)


def check_question(question: Question) -> None:
    """Whether what is asked goes together.

    Raises:
        InputError: it does not, or there is no such section.
    """
    if not 0.5 < question.near <= 1:
        raise InputError(f"--near {question.near}: it must be above 0.5 and at most 1.")
    for section in question.only:
        if section not in SECTIONS:
            raise InputError(f"There is no section `{section}`.", nearest(section, SECTIONS))
    if question.real_train and not question.real:
        raise InputError("Real records to learn from need others to test on.", "Name those with --real.")
    if question.relabel and question.only and "labels" not in question.only:
        raise InputError("--relabel-with goes into the section `labels`, which --only leaves out.", "Add labels to it.")


def _duplicates(table: Table, question: Question) -> dict[str, Any]:
    found = duplicates(table, question.near)
    if question.reference:
        theirs = table_of(question.reference(), question.columns, question.label, ())
        found["reference"] = against(table, zip(theirs.texts, theirs.labels, strict=True), question.near)
    places = drawn(len(table), question.seed)
    vectors = vectors_of([table.texts[place] for place in places])
    return found if vectors is None else {**found, "semantic": semantic(table, places, vectors, SEMANTIC)}


def _diversity(table: Table, real: Table | None, question: Question) -> dict[str, Any]:
    found = diversity(table, real.texts if real else (), question.seed)
    for one, figures in ((table, found), (real, found.get("real"))):
        texts = [one.texts[place] for place in drawn(len(one), question.seed)] if one and figures else []
        vectors = vectors_of(texts) if texts else None
        if vectors is not None and figures:
            figures["vendi"] = vendi(vectors)
    if real:
        found.update(_told_apart(table, real, question))
    return found


def _told_apart(table: Table, real: Table, question: Question) -> dict[str, Any]:
    try:
        found = two_sample(table.texts, real.texts, question.seed)
    except MissingExtra as error:
        found = {"left_out": error.message, "hint": error.hint}
    return {"two_sample": found} if found else {}


def _usefulness(table: Table, real: Table | None, question: Question) -> dict[str, Any]:
    if real is None:
        if "usefulness" in question.only:
            raise InputError("Usefulness is measured on real records.", "Name them with --real.")
        return {}
    train = question.real_train() if question.real_train else None
    learned = table_of(train, question.columns, question.label, ()) if train else None
    found = useful(table, real, learned, question.seed)
    if not found and (learned or "usefulness" in question.only):
        message = "The records and the real ones have neither labels nor spans nor answers in common to learn."
        raise InputError(message, "Name the column with the label with --label.")
    return found


def _parts(table: Table, question: Question) -> dict[str, Any]:
    """The records side by side by the values of a column.

    Raises:
        InputError: there is no such column with few values, or only one of them.
    """
    columns = {"model": table.models, "label": table.labels, "prompt": table.prompts, **table.axes}
    values = columns.get(str(question.compare))
    if values is None or not any(values):
        known = [name for name, found in columns.items() if any(found)]
        raise InputError(
            f"There is no column `{question.compare}` with few values to compare by.",
            nearest(str(question.compare), known),
        )
    if len(set(values)) < 2:
        raise InputError(f"All records have the same `{question.compare}`: there is nothing to compare.")
    costs = (question.facts.get("cost") or {}).get("models") if question.compare == "model" else None
    return compare(parts(table, values, costs), str(question.compare), question.near, question.seed)


def side_by_side(asked: Mapping[str, tuple[Iterable[Record], Question]]) -> Report:
    """Several datasets in one report; each has its question, with what is known of its making.

    Raises:
        InputError: one has no records or no texts.
    """
    first = next(iter(asked.values()))[1]
    tables: dict[str, Table] = {}
    for name, (records, question) in asked.items():
        tables[name] = table_of(
            counted(records, question.watch, f"Reading {name}"), question.columns, question.label, question.axes
        )
        tables[name].facts = question.facts
    first.watch(Stage("Comparing", 0, len(tables), "datasets"))
    targets = {name: question.targets for name, (_, question) in asked.items() if question.targets}
    figures = {
        "inputs": list(tables),
        "records": sum(len(table) for table in tables.values()),
        COMPARE: compare(tables, "dataset", first.near, first.seed, targets),
    }
    return Report(", ".join(tables), figures, findings(figures))


def _privacy(table: Table, real: Table | None, question: Question) -> dict[str, Any] | None:
    if real is None:
        return None
    return privacy(table, real, personal(table, question.seed), question.seed, question.near)


def _bias(table: Table, real: Table | None, question: Question) -> dict[str, Any]:
    found, labels = groups(table, question.seed)
    return bias(found, labels, groups(real, question.seed)[0] if real else None)
