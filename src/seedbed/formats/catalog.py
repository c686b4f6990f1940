"""Finds the format of a file by its suffix."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError
from seedbed.core.registry import Registry

if TYPE_CHECKING:
    from seedbed.core.ports import Format

formats: Registry[Format] = Registry(
    "file format",
    "seedbed.formats",
    {
        "csv": "seedbed.formats.csv:CsvFormat",
        "tsv": "seedbed.formats.csv:TsvFormat",
        "json": "seedbed.formats.json:JsonFormat",
        "jsonl": "seedbed.formats.jsonl:JsonlFormat",
        "parquet": "seedbed.formats.parquet:ParquetFormat",
    },
)

_KINDS = {".csv": "csv", ".tsv": "tsv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}
_PACKABLE = (".csv", ".tsv", ".json", ".jsonl", ".ndjson")


def format_for(path: str | PurePath) -> Format:
    """What reads and writes `path`; a format that is not built in serves the suffix it is named after.

    Raises:
        InputError: no format has this suffix.
    """
    suffix = suffix_of(path)
    plain = suffix.removesuffix(".gz")
    kind = _KINDS.get(plain, plain.removeprefix("."))
    packed_wrongly = suffix.endswith(".gz") and plain not in _PACKABLE
    if packed_wrongly or (plain not in _KINDS and kind not in formats.names()):
        raise InputError(
            f"`{PurePath(path).name}` has none of the known suffixes: {', '.join(_KINDS)}.",
            f"{', '.join(_PACKABLE)} may be followed by .gz.",
        )
    return formats.get(kind)()


def suffix_of(path: str | PurePath) -> str:
    """The suffix in lower case, with what is before a `.gz`."""
    name = PurePath(path).name.lower()
    packed = ".gz" if name.endswith(".gz") else ""
    return PurePath(name.removesuffix(".gz")).suffix + packed
