"""What is given to `fill`: templates and data, by the names people use for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError
from seedbed.core.record import Record
from seedbed.places.paths import path_of

from .. import templates as saved
from . import slot_files
from .sources import source_of

if TYPE_CHECKING:
    from seedbed.augmentation.slots import SlotTemplate

    from ..existing import Source
    from ..workspace import Workspace


def find_templates(workspace: Workspace, names: Sequence[str], inline: Sequence[str] = ()) -> list[SlotTemplate]:
    """Templates of files, of the workspace, and as they were typed; each once.

    Raises:
        InputError: there is no such file or template, it cannot be read, or two say different things of one text.
    """
    found = [template for number, name in enumerate(names, start=1) for template in _named(workspace, name, number)]
    typed = [slot_files.given(text, number) for number, text in enumerate(inline, start=1)]
    found += [replace(one, place=f"--template {number}") for number, one in enumerate(typed, start=1)]
    return distinct(found)


def templates_of(workspace: Workspace, given: Any) -> list[SlotTemplate]:
    """Templates as Python has them: a file or saved ones by name, one text with braces, a mapping, or several.

    Raises:
        InputError: as `find_templates`.
    """
    if isinstance(given, str | Path):
        return find_templates(workspace, [str(given)])
    several = [given] if isinstance(given, Mapping) else given
    return distinct([slot_files.given(one, number) for number, one in enumerate(several, start=1)])


def files_of(*names: Any) -> list[Path]:
    """Those of what is given that may be files which are read."""
    return [path_of(one) for one in names if isinstance(one, Path) or (isinstance(one, str) and not is_text(one))]


def sources(workspace: Workspace, data: Any) -> list[Source]:
    """Data as Python has them: a name, a dataset, or several names and records.

    Raises:
        InputError: as `source_of`, or something is no record.
    """
    if isinstance(data, Dataset):
        return [lambda: iter(data)]
    several = [] if data is None else [data] if isinstance(data, str | Path) else list(data)
    names = [one for one in several if isinstance(one, str | Path)]
    records = [one for one in several if not isinstance(one, str | Path)]
    for one in records:
        if not isinstance(one, Record):
            raise InputError(
                f"data: must be files, datasets or records, not {type(one).__name__}.",
                "Give paths, names of datasets or Record objects; make one by Record({'text': …}).",
            )
    return [*(source_of(workspace, str(name)) for name in names), *([lambda: iter(records)] if records else [])]


def distinct(templates: Sequence[SlotTemplate]) -> list[SlotTemplate]:
    """Templates without those that are there twice.

    Raises:
        InputError: there are none, or two have one text and different labels.
    """
    if not templates:
        raise InputError("Which templates?", 'Name a file or a saved one, or give a text: --template "{PER} is here."')
    first: dict[str, SlotTemplate] = {}
    for one in templates:
        other = first.setdefault(one.text, one)
        labels = [template.columns.get("label") or "" for template in (other, one)]
        if labels[0] != labels[1]:
            said = " and ".join(f"`{label}`" if label else "none" for label in labels)
            raise InputError(
                f"{one.place}: the template of {other.place} again, with another label ({said}).",
                "Keep one of the two, or give both the same label.",
            )
    return list(first.values())


def is_text(name: str) -> bool:
    """Whether what stands for the name of templates is one itself."""
    return "{" in name and Path(name).suffix.lower() not in slot_files.SUFFIXES


def _named(workspace: Workspace, name: str, number: int) -> list[SlotTemplate]:
    if is_text(name):
        return [slot_files.given(name, number)]
    path = path_of(name)
    if path.is_file() or path.suffix.lower() in slot_files.SUFFIXES:
        return slot_files.read(path)[0]
    if " " in name:
        raise InputError(f"There is no file or template `{name}`.", "A sentence without slots is given by --template.")
    found = saved.find(workspace, name)
    if found.document.get("type") != slot_files.SLOTS:
        hint = "Save one with: seedbed templates add NAME FILE --type slots"
        raise InputError(f"The template `{found.name}` is a prompt, it has no slots to fill.", hint)
    called = f"{found.name}@{found.version}"
    return slot_files.entries(
        found.document, lambda path: f"{called}, template {int(path[1]) + 1}" if path[1:] else called
    )
