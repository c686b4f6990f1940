"""Reads documents of all kinds; what cannot be read is named, and the rest goes on."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from seedbed.core.errors import InputError, MissingExtra

from .docx import read_docx
from .find import find
from .html import read_html
from .pdf import read_pdf
from .source import STANDARD, Limits, Loaded, Source, too_long
from .tables import read_csv, read_json, read_jsonl
from .text import read_markdown, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_READERS: Final[dict[str, Callable[[Source], Loaded]]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
}


def load(
    paths: Sequence[str | PurePath], folder: str | PurePath, limits: Limits = STANDARD, column: str = ""
) -> Loaded:
    """The documents of all files, in order, and a sentence about each file, page or row that cannot be read.

    Args:
        paths: files, folders (with all that is in them, hidden ones skipped) or patterns (`reports/**/*.pdf`).
        folder: what they are relative to.
        limits: what is too large to be read.
        column: the column of tables that holds the texts; `text`, or the one with the most text, if not given.

    Raises:
        InputError: a path leads nowhere, or nothing at all could be read.
        MissingExtra: a library for one of the files is not installed.
    """
    found = find(paths, folder, limits.files)
    loaded = Loaded(problems=found.problems)
    for name, path in found.files.items():
        try:
            more = _read(name, path, limits, column)
        except MissingExtra:
            raise
        except InputError as error:
            more = Loaded(problems=[_said(error)])
        loaded.documents += more.documents
        loaded.problems += more.problems
    if not loaded.documents:
        others = len(loaded.problems) - 1
        raise InputError(loaded.problems[0], f"Nothing else could be read either ({others} more)." if others else "")
    return loaded


def _read(name: str, path: Path, limits: Limits, column: str) -> Loaded:
    source = Source(name, _bytes(name, path, limits), limits, column)
    loaded = _READERS[path.suffix.lower()](source)
    long = [document.name for document in loaded.documents if len(document.text) > limits.text_characters]
    documents = [document for document in loaded.documents if document.text.strip() and document.name not in long]
    problems = loaded.problems + [_said(too_long(name, limits)) for name in long]
    if not documents and not problems:
        raise InputError(f"{name} is empty.", "Leave it out.")
    return Loaded(documents, problems)


def _said(error: InputError) -> str:
    return f"{error.message} {error.hint}".strip()


def _bytes(name: str, path: Path, limits: Limits) -> bytes:
    if path.suffix.lower() not in _READERS:
        raise InputError(
            f"{name} has none of the known suffixes: {', '.join(_READERS)}.", "Name it by its kind, such as notes.txt."
        )
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise InputError(
                f"{name} has {size:,} bytes (limit `file_bytes`: {limits.file_bytes:,}).",
                "Split it, or raise the limit.",
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.", "Check that you may read it.") from error
