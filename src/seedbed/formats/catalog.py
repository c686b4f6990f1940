"""Finds the format of a file by its name or its suffix, and its settings."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from seedbed.core.errors import InputError, nearest
from seedbed.core.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        "conll": "seedbed.formats.conll:ConllFormat",
        "label_studio": "seedbed.formats.label_studio:LabelStudioFormat",
        "openai_chat": "seedbed.formats.chat:OpenAiChatFormat",
        "chatml": "seedbed.formats.chatml:ChatMlFormat",
        "sharegpt": "seedbed.formats.chat:ShareGptFormat",
        "alpaca": "seedbed.formats.chat:AlpacaFormat",
        "prompt_completion": "seedbed.formats.chat:PromptCompletionFormat",
        "preference": "seedbed.formats.chat:PreferenceFormat",
        "spacy": "seedbed.formats.spacy_docbin:DocBinFormat",
        "huggingface": "seedbed.formats.huggingface:HuggingFaceFormat",
        "beir": "seedbed.formats.rag:BeirFormat",
        "ragas": "seedbed.formats.rag:RagasFormat",
    },
)

_KINDS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".conll": "conll",
    ".bio": "conll",
    ".iob": "conll",
    ".chatml": "chatml",
    ".spacy": "spacy",
}
_SUFFIXES = {"label_studio": ".json", "ragas": ".jsonl"}
"""Of formats that are not named after their suffix; those for training are JSON Lines."""

_PACKABLE = tuple(suffix for suffix, kind in _KINDS.items() if kind not in ("parquet", "spacy"))
_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def format_for(path: str | PurePath, name: str | None = None, options: Mapping[str, str] | None = None) -> Format:
    """What reads and writes `path`: the format called `name`, else that of the suffix, with its settings.

    A format that is not built in serves the suffix it is named after.

    Raises:
        InputError: there is no such format, suffix or option, or an option's value cannot be.
    """
    kind = name or kind_of(path)
    cls: Any = formats.get(kind)
    found: Format = cls(**_settings(kind, cls, options or {}))
    return found


def kind_of(path: str | PurePath) -> str:
    """The name of the format that a file's suffix stands for.

    Raises:
        InputError: it is none that is known.
    """
    suffix = suffix_of(path)
    plain = suffix.removesuffix(".gz")
    kind = _KINDS.get(plain, plain.removeprefix("."))
    packed_wrongly = suffix.endswith(".gz") and plain not in _PACKABLE
    if packed_wrongly or (plain not in _KINDS and kind not in formats.names()):
        raise InputError(
            f"`{PurePath(path).name or path}` has none of the known suffixes: {', '.join(_KINDS)}.",
            f"Name the format, or use one of them; {', '.join(_PACKABLE)} may be followed by .gz.",
        )
    return kind


def suffix_for(name: str) -> str:
    """The suffix that a file of the format called `name` usually has; none if it writes a folder.

    Raises:
        InputError: there is no such format.
    """
    cls: Any = formats.get(name)
    if getattr(cls, "contents", ()):
        return ""
    return _SUFFIXES.get(name) or next((suffix for suffix, kind in _KINDS.items() if kind == name), ".jsonl")


def is_flat(name: str) -> bool:
    """Whether the format called `name` holds one layer of spans alone, and has an option `overlaps` for others.

    Raises:
        InputError: there is no such format.
    """
    cls: Any = formats.get(name)
    return is_dataclass(cls) and any(field.name == "overlaps" for field in fields(cls))


def suffix_of(path: str | PurePath) -> str:
    """The suffix in lower case, with what is before a `.gz`."""
    name = PurePath(path).name.lower()
    packed = ".gz" if name.endswith(".gz") else ""
    return PurePath(name.removesuffix(".gz")).suffix + packed


def _settings(kind: str, cls: Any, options: Mapping[str, str]) -> dict[str, Any]:
    """The options as values of the format's fields; `as`, which no field can be called, is its field `as_`."""
    known = {field.name.removesuffix("_"): field.name for field in (fields(cls) if is_dataclass(cls) else ())}
    hints = get_type_hints(cls) if options else {}
    for option in options:
        if option not in known:
            hint = nearest(option, known) or "It has none."
            raise InputError(f"The format `{kind}` has no option `{option}`.", hint)
    return {known[option]: _value(option, text, hints[known[option]]) for option, text in options.items()}


def _value(option: str, text: str, hint: Any) -> str | bool | int:
    choices = get_args(hint)
    if choices and text not in choices:
        raise InputError(f"The option `{option}` is one of {', '.join(choices)}, not `{text}`.", nearest(text, choices))
    if hint is bool and text.lower() not in _TRUTH:
        raise InputError(f"The option `{option}` is true or false, not `{text}`.", "Say true or false.")
    if hint is int and not text.removeprefix("-").isdecimal():
        raise InputError(f"The option `{option}` is a whole number, not `{text}`.", "Say a whole number, such as 2.")
    return _TRUTH[text.lower()] if hint is bool else int(text) if hint is int else text
