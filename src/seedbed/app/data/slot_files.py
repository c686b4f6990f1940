"""Sentences with slots out of files: plain text, CSV, JSON, JSONL, YAML; and as a template of the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.slots import SlotTemplate
from seedbed.core.errors import InputError, nearest
from seedbed.formats.catalog import format_for
from seedbed.formats.rows import parsed

from ..recipe_file import RecipeFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from seedbed.core.fields import FieldPath
    from seedbed.core.record import Record

    from ..recipe_file import Document

SLOTS = "slots"
"""The type of such a template in the workspace."""

FIELDS = ("type", "description", "templates")
COLUMNS = (
    "Columns: `template` (or `text`) holds the sentence with its slots, `label` its class if it has one; all others "
    "are kept as they are."
)
PLAIN = (".txt", ".csv", ".tsv", ".jsonl")
SUFFIXES = (*PLAIN, ".json", ".yaml", ".yml")


class SlotFile(RecipeFile):
    """A YAML or JSON file of templates: a list of them, one alone, or a list with a description."""

    noun = "template"
    fields = "fields such as template and label, or a list of such"
    hint = f"A list of sentences will do. {COLUMNS}"

    def shaped(self, document: Any) -> Document:
        """See `RecipeFile.shaped`."""
        self._above = 0
        if isinstance(document, list):
            self._above = 1
            return {"templates": document}
        found = super().shaped(document)
        if "templates" in found:
            return found
        self._above = 2
        about = {name: found[name] for name in FIELDS[:2] if name in found}
        if about.get("type", SLOTS) != SLOTS:  # a column of that name
            del about["type"]
        return {**about, "templates": [{name: value for name, value in found.items() if name not in about}]}

    def place(self, path: FieldPath) -> str:
        """See `RecipeFile.place`."""
        return super().place(path[self._above :] if path[:1] == ("templates",) else path)


def read(path: Path) -> tuple[list[SlotTemplate], str]:
    """The templates of a file, and its description if it has one.

    Raises:
        InputError: the file cannot be read, has no templates, or one of them is wrong; names file and line or record.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path}: templates are read from {', '.join(SUFFIXES)}.", COLUMNS)
    if suffix in (".json", ".yaml", ".yml"):
        file = SlotFile.read(path)
        return entries(file.document, file.place), str(file.document.get("description") or "")
    if not path.is_file():
        raise InputError(f"There is no file {path}." if not path.exists() else f"{path} is a folder.", SlotFile.hint)
    found = list(_rows(path) if suffix in (".csv", ".tsv") else _lines(path, suffix))
    if not found:
        raise InputError(f"There are no templates in {path}.", SlotFile.hint)
    return found, ""


def entries(document: Mapping[str, Any], place: Callable[[FieldPath], str]) -> list[SlotTemplate]:
    """The templates of a document; `place` says where a field of it is.

    Raises:
        InputError: a field or template is wrong.
    """
    for name in document:
        if name not in FIELDS:
            raise InputError(f"{place((name,))}: {name}: there is no such field.", nearest(str(name), FIELDS))
    given = document.get("templates")
    if not isinstance(given, list) or not given:
        raise InputError(f"{place(('templates',))}: templates: must be a list of sentences with slots.", COLUMNS)
    return [_entry(one, place(("templates", i))) for i, one in enumerate(given)]


def document_of(templates: Iterable[SlotTemplate], description: str = "") -> dict[str, Any]:
    """Templates as one of the workspace."""
    found = [{"template": one.text, **one.columns} if one.columns else one.text for one in templates]
    return {"type": SLOTS, **({"description": description} if description else {}), "templates": found}


def given(value: Any, number: int) -> SlotTemplate:
    """A template as Python has it: a text, or a mapping of columns.

    Raises:
        InputError: it is wrong.
    """
    return _entry(value, f"template {number}")


def slots_of(document: Mapping[str, Any]) -> list[str]:
    """The names of the slots in a template of the workspace, numbers left off."""
    found = entries(document, lambda _: "the template")
    return list(dict.fromkeys(label for one in found for label in one.slots.values()))


def _entry(value: Any, place: str) -> SlotTemplate:
    if isinstance(value, str):
        return SlotTemplate(value, {}, place)
    if not isinstance(value, Mapping):
        raise InputError(f"{place}: a template must be a text, or a mapping of columns.", COLUMNS)
    main = "template" if "template" in value else "text"
    _check_columns(value, main, place)
    columns = {str(name): one for name, one in value.items() if name != main}
    return SlotTemplate(value[main], columns, place)


def _check_columns(value: Mapping[str, Any], main: str, place: str) -> None:
    if main not in value:
        there = ", ".join(f"`{name}`" for name in value) or "nothing"
        raise InputError(f"{place}: there is no column `template`, only {there}.", COLUMNS)
    if not isinstance(value[main], str):
        raise InputError(f"{place}: `{main}` must be a text.", "Put it in quotes.")
    for name in ("text", "spans"):
        if name in value and name != main:
            raise InputError(f"{place}: the column `{name}` is one of the records that are made.", "Rename it.")


def _rows(path: Path) -> Iterator[SlotTemplate]:
    records: Iterable[Record] = format_for(path).read(str(path))
    for number, record in enumerate(records, start=1):
        values = {**record.values, **({"spans": record.spans} if record.spans else {})}
        yield _entry(values, f"{path}, record {number}")


def _lines(path: Path, suffix: str) -> Iterator[SlotTemplate]:
    try:
        lines: Sequence[str] = path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} cannot be read: it is no text.", "Save it as UTF-8.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Check that you may read it.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            value = parsed(line.encode(), str(path), number) if suffix == ".jsonl" else line.strip()
            yield _entry(value, f"{path}, line {number}")
