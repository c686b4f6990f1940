"""A report on a dataset: its figures, what they mean, and the page that shows them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, nearest
from seedbed.places.paths import has_folder, path_of
from seedbed.reports.page import SECTIONS, page

from ..output import check_apart

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seedbed.reports.finding import Finding


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
        """The page in a frame of its own, so that its style is not the notebook's; as high as what is in it."""
        grown = "this.style.height = this.contentDocument.documentElement.scrollHeight + 20 + 'px'"
        style = "width: 100%; height: 40rem; border: 0; background: #fff"
        return f'<iframe srcdoc="{escape(self.html())}" title="Report" style="{style}" onload="{grown}"></iframe>'


def check_page(path: Path, inputs: Iterable[str | Path | None], *, force: bool) -> None:
    """Whether the page can be written there, before anything is measured.

    Raises:
        InputError: it is there already, or a folder, or one of the `inputs`; or its folder is not there.
    """
    path = path_of(path)
    check_apart({"--html": path}, inputs)
    if path.is_dir():
        raise InputError(f"{path} is a folder.", "Name a file in it, such as report.html.")
    if path.exists() and not force:
        raise InputError(f"{path} exists already.", "Name another file, or replace it with --force.")
    if not has_folder(path.absolute()):
        raise InputError(f"There is no folder {path.absolute().parent}.", "Make it first, or name another.")


def write_page(report: Report, path: Path) -> None:
    """Writes the report's page.

    Raises:
        InputError: it cannot be written.
    """
    try:
        path_of(path).write_text(report.html(), encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}.", "Choose a folder you may write to that has room."
        ) from error
