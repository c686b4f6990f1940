"""What a recipe says of the report on its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, SerializeAsAny, ValidationError, model_validator

from seedbed.core.errors import nearest
from seedbed.core.fields import FieldError
from seedbed.core.part import Check, Name, Settings
from seedbed.core.parts import part_document
from seedbed.reports.page import SECTIONS

from .steps import checks_of

if TYPE_CHECKING:
    from typing import Self

PATH = ("report",)


class Reporting(Settings):
    """A report that is made when the run has ended.

    `judges` are checks that are asked about the accepted records and only give scores; `html` names the page, which
    else has the output's name; `only` are the sections, all if none are named.
    """

    judges: tuple[SerializeAsAny[Check], ...] = ()
    html: Annotated[str, Field(min_length=1)] | None = None
    only: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.html and not self.html.endswith((".html", ".htm")):
            raise ValueError("html: must end with .html")
        for name in self.only:
            if name not in SECTIONS:
                raise ValueError(f"only: there is no section `{name}`. {nearest(name, SECTIONS)}")
        return self

    def document(self) -> dict[str, Any]:
        """It as plain data."""
        plain = self.model_dump(mode="json", exclude_defaults=True)
        return {**plain, **({"judges": [part_document(one) for one in self.judges]} if self.judges else {})}


def reporting_of(entry: Any) -> Reporting | None:
    """What the field `report` says: true, false, or a mapping.

    Raises:
        FieldError: it says none of these, or names the first field that is wrong.
    """
    if entry is None or entry is False or isinstance(entry, Reporting):
        return entry or None
    if entry is True:
        return Reporting()
    if not isinstance(entry, dict):
        raise FieldError(PATH, "must be true, false or a mapping", "For example: report: {judges: [{kind: judge, …}]}")
    fields = {**entry, "judges": _judges(entry)} if "judges" in entry else entry
    try:
        return Reporting.model_validate(fields)
    except ValidationError as error:
        raise FieldError.of(error, PATH, Reporting) from error


def _judges(entry: dict[str, Any]) -> tuple[Check, ...]:
    try:
        return checks_of(entry["judges"], PATH)
    except FieldError as error:
        path = tuple("judges" if step == "checks" else step for step in error.path)
        raise FieldError(path, error.problem, error.hint) from error
