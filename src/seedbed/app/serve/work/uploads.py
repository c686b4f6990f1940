"""Templates out of a file that somebody sends."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from seedbed.core.errors import InputError

from ...data import slot_files

READ = (".json", ".jsonl", ".csv", ".tsv", ".txt")
COUNTS = ("n", "count", "per_template")
USUAL = 10
"""So many records are made of a template that does not say how many."""


def templates_in(name: str, content: bytes) -> list[dict[str, Any]]:
    """The templates of a file: `text`, `n`, and `name`, `label` and `columns` where it has these.

    Raises:
        InputError: it is no file of templates.
    """
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if suffix not in READ:
        raise InputError(f"Templates are read from {', '.join(READ)}.", slot_files.COLUMNS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"templates{suffix}"
        path.write_bytes(content)
        try:
            found = slot_files.read(path)[0]
        except InputError as error:
            raise InputError(error.message.replace(str(path), "The file"), error.advice) from None
    return [_template(one.text, dict(one.columns), one.place.replace(str(path), "The file")) for one in found]


def _template(text: str, columns: dict[str, Any], place: str) -> dict[str, Any]:
    given = next((columns.pop(name) for name in COUNTS if columns.get(name) not in (None, "")), USUAL)
    for name in COUNTS:
        columns.pop(name, None)
    try:
        n = int(str(given))
    except ValueError:
        raise InputError(
            f"{place}: n: `{str(given)[:40]}` is no number of records.", "Write `n` as a whole number, such as 20."
        ) from None
    own = {name: str(columns.pop(name, "") or "") for name in ("name", "label")}
    kept = {name: value for name, value in columns.items() if isinstance(value, str | int | float | bool | None)}
    return {"text": text, "n": n, **own, "columns": kept}
