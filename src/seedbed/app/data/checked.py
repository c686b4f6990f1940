"""Checks applied to records that are there already: a run of its own for each list of records and checks.

So an answer of a judge is kept, and is not paid for again when the same is asked once more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.augmentation.layers import main_columns
from seedbed.core.dice import stable_hash
from seedbed.core.errors import InputError, NoRecords, nearest
from seedbed.core.fields import FieldError
from seedbed.core.record import DETAIL, REASON
from seedbed.core.stored import Selection
from seedbed.formats.json import as_json
from seedbed.recipe.document import Recipe

from ..options import Options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seedbed.core.record import Record

    from ..drive import Drive
    from ..runs import RunResult
    from ..workspace import Workspace

FOLDER = "checked"
"""In the workspace: the records of runs that are not complete."""

ANSWERS = ("answer", "answers", "output", "response", "completion", "chosen", "rejected", "summary")
"""Columns that checks look at, too, beside the main ones."""

FOREVER = 10**9
PATIENCE = 3
"""How often at most a record is tried that got no answer."""

_ENDED = ("complete", "shortfall")
_PARENT = re.compile(r".*#(\d+):[0-9a-f]+", re.DOTALL)
_LIKE = re.compile(r"\blike (\d+)\.(\d+)$")


@dataclass(frozen=True, slots=True)
class Exam:
    """The checks and how they are made: `fields` are those of a recipe (`checks`, `model`, `budget` …).

    `options` say how the run is driven; the files that checks name are in their folder. `columns` are those with the
    texts, if not the usual ones.
    """

    fields: Mapping[str, Any]
    options: Options = field(default_factory=Options)
    columns: Sequence[str] = ()

    def checked_columns(self, columns: Sequence[str]) -> list[str]:
        """The columns of the data that checks may look at.

        Raises:
            InputError: one that is to be looked at is not among them.
        """
        found = [name for name in columns if name != "spans"]
        for name in self.columns:
            if name not in found:
                raise InputError(f"There is no column `{name}`.", nearest(name, found))
        return found

    def recipe(self, name: str, file: str, columns: Sequence[str]) -> Recipe:
        """The recipe that applies them to the records of a file.

        Raises:
            FieldError: a check or the model is wrong, or there is no such column.
        """
        texts = tuple(self.columns) or main_columns(columns)
        more = [] if self.columns else [name for name in ANSWERS if name in columns and name not in texts]
        checks = self.fields.get("checks") or ()
        rows = {"kind": "rows", "inputs": file, "keep": list(columns), "texts": [*texts, *more], "unique_by": texts}
        recipe = Recipe.of(
            {
                **self.fields,
                "name": name,
                "model": self.fields.get("model") or "scripted",
                "checks": [*checks, *_own(checks)] if isinstance(checks, list | tuple) else checks,
                "generator": rows,
                "stop_rules": {"attempts_per_record": PATIENCE, "fruitless": FOREVER},
            }
        )
        if not self.fields.get("model") and any(one.asks and not one.more_models() for one in recipe.checks):
            raise FieldError(("model",), "is missing: a check asks one", "For example: model: openai:gpt-4o-mini")
        return recipe


class Mark(NamedTuple):
    """What the checks wrote of a record that they let stay or not."""

    tags: tuple[str, ...]
    findings: Mapping[str, Any]


class Refusal(NamedTuple):
    """Why a record was rejected: a short name, and a sentence."""

    reason: str
    detail: str


@dataclass(slots=True)
class Checked:
    """How a run of checks ended, and by the places of the records: which passed, why others did not, and what is noted
    of either. What is in none of them was not checked."""

    result: RunResult
    checks: Sequence[Any]
    passed: bytearray
    rejected: dict[int, Refusal] = field(default_factory=dict)
    marks: dict[int, Mark] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether every record was tried."""
        return self.result.state in _ENDED

    @property
    def unchecked(self) -> int:
        """How many records got no verdict."""
        return len(self.passed) - sum(self.passed) - len(self.rejected)


def check_all(place: Workspace, exam: Exam, records: Iterable[Record], columns: Sequence[str], drive: Drive) -> Checked:
    """Applies checks to records.

    Args:
        place: where the run is kept, and connections are known.
        exam: which checks, and how.
        records: what is checked, read once.
        columns: theirs, without `spans`.
        drive: runs the recipe.

    Raises:
        InputError: the checks or the model cannot be used; nothing was asked.
    """
    columns = exam.checked_columns(columns)
    exam.recipe(FOLDER, FOLDER, columns)  # says what is wrong before anything is written
    count, file = _kept(place, records)
    if not count:
        file.unlink(missing_ok=True)
        raise NoRecords("There are no records to check.")
    recipe = exam.recipe(FOLDER, str(file), columns)
    way = json.dumps(recipe.fingerprint(), sort_keys=True)
    recipe = exam.recipe(f"{FOLDER}-{stable_hash(way):016x}", str(file), columns)
    result = drive(place, recipe, exam.options)
    if result.state in _ENDED:
        file.unlink(missing_ok=True)
    return _verdicts(place, result, recipe, count)


def _own(checks: Sequence[Any]) -> list[dict[str, Any]]:
    """A refusal among the texts is a text like any other, unless it is looked for."""
    kinds = [one.get("kind") if isinstance(one, Mapping) else getattr(one, "kind", one) for one in checks]
    return [] if "refusal" in kinds else [{"kind": "refusal", "patterns": []}]


def _kept(place: Workspace, records: Iterable[Record]) -> tuple[int, Path]:
    """How many records there are, and a file of them whose name says what is in it."""
    folder = place.subfolder(FOLDER).absolute()
    count, file = 0, folder / f".{token_hex(8)}"
    try:
        with file.open("wb") as stream:
            for count, record in enumerate(records, 1):  # noqa: B007
                spans = ["spans"] if record.spans and "spans" not in record.values else []
                stream.write(as_json(record, [*record.values, *spans]) + b"\n")
        with file.open("rb") as stream:
            name = file_digest(stream, "sha256").hexdigest()[:16]
        return count, file.replace(folder / f"{name}.jsonl")
    except OSError as error:
        raise InputError(
            f"The workspace {place.folder} cannot be written: {error.strerror or error}.",
            "Make room, or see that you may write there.",
        ) from error
    finally:
        file.unlink(missing_ok=True)


def _verdicts(place: Workspace, result: RunResult, recipe: Recipe, count: int) -> Checked:
    checked = Checked(result, recipe.checks, bytearray(count))
    numbers: dict[str, int] = {}
    for record in place.store.records(Selection(run=result.run)):
        number = _number(record)
        checked.passed[number] = 1
        numbers[record.id.rpartition(":")[2]] = number
        _mark(checked, number, record, numbers)
    for record in place.store.records(Selection(run=result.run, state="rejected")):
        number = _number(record)
        checked.rejected[number] = Refusal(record.origin[REASON], _named(record.origin[DETAIL], numbers))
        _mark(checked, number, record, numbers)
    return checked


def _mark(checked: Checked, number: int, record: Record, numbers: Mapping[str, int]) -> None:
    tags = tuple(tag for tag in record.tags if tag != "synthetic")
    found = {name: _named(value, numbers) for name, value in record.origin.get("checks", {}).items()}
    if tags or found:
        checked.marks[number] = Mark(tags, found)


def _number(record: Record) -> int:
    """The place of the record that this one is, as its only parent's name tells it."""
    found = _PARENT.fullmatch(record.origin["parents"][0])
    assert found is not None
    return int(found[1]) - 1


def _named(detail: Any, numbers: Mapping[str, int]) -> Any:
    """What a comparison found, with the number of the record among those that are checked."""
    found = _LIKE.search(detail) if isinstance(detail, str) else None
    if found is None or (number := numbers.get(f"{found[1]}.{found[2]}")) is None:
        return detail
    return f"{detail[: found.start()]}like record {number + 1}"
