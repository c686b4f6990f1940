"""A report on a dataset: its figures, what they mean, and the page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, MissingExtra, nearest
from seedbed.reports.balance import balance
from seedbed.reports.diversity import diversity
from seedbed.reports.duplicates import against, duplicates
from seedbed.reports.findings import Finding, findings
from seedbed.reports.labels import labels
from seedbed.reports.page import SECTIONS, page

from .tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seedbed.core.record import Record
    from seedbed.reports.table import Table

    from ..existing import Source
    from .relabel import Relabel


@dataclass(frozen=True, slots=True)
class Report:
    """What a dataset is like. `figures` are those of `--json`, `findings` what they mean; a notebook shows the page."""

    name: str
    figures: dict[str, Any]
    findings: list[Finding]

    def html(self) -> str:
        """The report as one HTML file that needs nothing from outside."""
        return page(self.figures, self.findings, self.name)

    def plot(self, section: str) -> Report:
        """One section of it, to be shown in a notebook.

        Raises:
            InputError: it has no such section.
        """
        if not self.figures.get(section):
            shown = [name for name in SECTIONS if self.figures.get(name)]
            raise InputError(f"The report has no section `{section}`.", nearest(section, shown))
        figures = {"records": self.figures["records"], section: self.figures[section]}
        return Report(self.name, figures, [one for one in self.findings if one.section == section])

    def document(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**self.figures, "findings": [one.document() for one in self.findings]}

    def _repr_html_(self) -> str:
        return self.html()


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be reported on, and what it is held against."""

    only: Sequence[str] = ()
    columns: Sequence[str] = ()
    label: str | None = None
    near: float = 0.9
    seed: int = 7
    real: Source | None = None
    reference: Source | None = None
    relabel: Relabel | None = None
    targets: Mapping[tuple[str, ...], int] | None = None
    axes: Sequence[str] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def measured(name: str, records: Iterable[Record], question: Question) -> Report:
    """The report on some records.

    Raises:
        InputError: there are none, they have no texts, or a section is unknown.
        RunFailed: the model that is to label them again does not answer.
    """
    for section in question.only:
        if section not in SECTIONS:
            raise InputError(f"There is no section `{section}`.", nearest(section, SECTIONS))
    if question.relabel and question.only and "labels" not in question.only:
        raise InputError("--relabel-with goes into the section `labels`, which --only leaves out.", "Add labels to it.")
    table = table_of(records, question.columns, question.label, question.axes)
    second = question.relabel.second(table) if question.relabel else None
    real = table_of(question.real(), question.columns, question.label, ()) if question.real else None
    measures: dict[str, Callable[[], Any]] = {
        "balance": lambda: balance(table, question.targets) if table.labelled or table.axes else None,
        "duplicates": lambda: _duplicates(table, question),
        "diversity": lambda: diversity(table, real.texts if real else (), question.seed),
        "labels": lambda: labels(table, second, question.seed),
    }
    figures: dict[str, Any] = {"input": name, "records": len(table)}
    lacking: list[Finding] = []
    for section, measure in measures.items():
        if question.only and section not in question.only:
            continue
        try:
            found = measure()
        except MissingExtra as error:
            if question.only:
                raise
            found = None
            lacking.append(Finding(section, "note", f"This section is left out. {error.message}", f"{error.hint}."))
        if found:
            figures[section] = found
    return Report(name, figures, findings(figures) + lacking)


def _duplicates(table: Table, question: Question) -> dict[str, Any]:
    found = duplicates(table, question.near)
    if question.reference:
        theirs = table_of(question.reference(), question.columns, question.label, ())
        found["reference"] = against(table, zip(theirs.texts, theirs.labels, strict=True), question.near)
    return found


def check_page(path: Path, *, force: bool) -> None:
    """Whether the page can be written there, before anything is measured.

    Raises:
        InputError: it is there already, or its folder is not.
    """
    if path.exists() and not force:
        raise InputError(f"{path} exists already.", "Name another file, or replace it with --force.")
    if not path.absolute().parent.is_dir():
        raise InputError(f"There is no folder {path.absolute().parent}.", "Make it first, or name another.")


def write_page(report: Report, path: Path) -> None:
    """Writes the report's page.

    Raises:
        InputError: it cannot be written.
    """
    try:
        path.write_text(report.html(), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
