"""What is wrong with a field of a document, in words people use: those of pydantic never reach them."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .connection import Connection
from .errors import InputError, nearest
from .part import Part, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pydantic import ValidationError

FieldPath = tuple[str | int, ...]

_WORDS = {
    "string_type": "must be a text",
    "string_unicode": "must be whole characters",
    "string_too_long": "must have {max_length} characters at most",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "holds a character that it may not hold",
    "invalid_key": "must be a text",
    "too_short": "must not be empty",
    "too_long": "must have {max_length} items at most",
    "missing": "is missing",
    "extra_forbidden": "there is no such field",
    "int": "must be a whole number",
    "float": "must be a number",
    "finite_number": "must be a finite number",
    "bool": "must be true or false",
    "tuple": "must be a list such as [a, b]",
    "list": "must be a list such as [a, b]",
    "dict": "must be a mapping of names to values",
    "model": "must be a mapping of fields",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "none_required": "must be null",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
}
"""By how pydantic's name of an error begins; its own message serves for those that only others' parts can cause."""

_HOLDS_KEY = re.compile(r"(?:api|access|secret)?[-_]?(?:key|token|secret|password|authorization)", re.I)
_PLACED = re.compile(r"([a-z_]+(?:\.[^:.]+)*): (.*)", re.S)
"""A validator's message that begins with the place inside its part: "ratios.label: there is no …"."""


class FieldError(InputError):
    """A field of a document is wrong; `path` says which."""

    usual = "Mend this field, then try again."

    def __init__(self, path: FieldPath, problem: str, hint: str = "") -> None:
        super().__init__(f"{dotted(path)}: {problem}" if path else problem, hint)
        self.path = path
        self.problem = problem
        self.others: Sequence[FieldError] = ()

    @staticmethod
    def of(error: ValidationError, prefix: FieldPath, model: type[Settings]) -> FieldError:
        """The first error of a validation in one sentence; an unknown field explains the others, so it goes first.

        What else was found wrong is told in `others`.
        """
        found: list[Any] = error.errors(include_url=False)
        found.sort(key=lambda one: one["type"] != "extra_forbidden")
        whole, *others = (FieldError._of(one, prefix, model) for one in found)
        whole.others = others
        return whole

    @staticmethod
    def _of(first: Mapping[str, Any], prefix: FieldPath, model: type[Settings]) -> FieldError:
        kind, location, value = first["type"], first["loc"], first["input"]
        if location[-1:] == ("[key]",):
            return FieldError((*prefix, *location[:-2]), f"the name {_shown(value)} {_words(first)}")
        path = (*prefix, *location)
        if kind == "extra_forbidden":
            return _unknown(path, _known_fields(model, location[:-1]))
        if kind == "missing":
            return FieldError(path, "is missing")
        if kind == "value_error":
            return _placed(path, first["msg"].removeprefix("Value error, "))
        known = _known_fields(model, location) if kind.startswith("model_") else []
        secret = (path[:1] == ("connections",) or model is Connection) and not isinstance(value, int | float)
        shown = "" if secret or kind.endswith("too_short") else f" (it is {_shown(value)})"
        hint = "Put it in quotes." if kind == "string_type" and isinstance(value, int | float) else ""
        return FieldError(path, _words(first) + shown, f"Its fields: {', '.join(known)}." if known else hint)


@contextmanager
def at(*path: str | int) -> Iterator[None]:
    """Whatever input is found wrong inside, it is this field that says so.

    Raises:
        FieldError: instead of any other `InputError`.
    """
    try:
        yield
    except FieldError:
        raise
    except InputError as error:
        word, _, rest = error.message.partition(" ")  # the first of a sentence, or the name of a file
        word = word.lower() if word.istitle() and word.isalpha() else word
        raise FieldError(path, f"{word} {rest}", error.hint) from error


def dotted(path: FieldPath) -> str:
    """`generator.examples[2].label`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def in_plain_words(error: Mapping[str, Any]) -> str:
    """What is wrong with a value that was sent, after the name of its field; `error` is one of pydantic's."""
    if error["type"] == "value_error":
        message = str(error["msg"]).removeprefix("Value error, ")
        return "must be a file" if message.startswith("Expected UploadFile") else message
    return _words(error)


def _words(error: Mapping[str, Any]) -> str:
    words = next((words for kind, words in _WORDS.items() if error["type"].startswith(kind)), "")
    if not words:
        return str(error["msg"]).removeprefix("Value error, ").replace("Input should", "must")
    return words.format(**{name: _in_words(value) for name, value in error.get("ctx", {}).items()})


def _in_words(value: Any) -> str:
    """A bound, or the choices there are."""
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) else str(value).replace("'", "`")


def _unknown(path: FieldPath, known: list[str]) -> FieldError:
    name = str(path[-1])
    if _HOLDS_KEY.fullmatch(name):
        hint = "Put the key into an environment variable and name that in the connection: key_env: MY_KEY"
        return FieldError(path, "a recipe never holds a key", hint)
    return FieldError(path, "there is no such field", nearest(name, known))


def _placed(path: FieldPath, message: str) -> FieldError:
    deeper = _PLACED.match(message)
    if not deeper:
        return FieldError(path, message)
    return FieldError((*path, *(int(step) if step.isdigit() else step for step in deeper[1].split("."))), deeper[2])


def _known_fields(model: type[Settings], location: FieldPath) -> list[str]:
    fields: Any = model
    for step in location:
        field = fields.model_fields.get(step)
        fields = (field and _model_in(field.annotation)) or fields
    names = [field.alias or name for name, field in fields.model_fields.items()]
    return ["kind"] * issubclass(fields, Part) + names


def _model_in(annotation: Any) -> type[Settings] | None:
    """The settings class inside an annotation such as `dict[str, Connection]`."""
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return annotation
    return next(filter(None, map(_model_in, getattr(annotation, "__args__", ()))), None)


def _shown(value: Any) -> str:
    """As a person writes it in YAML, shortened."""
    text = {"None": "empty", "True": "true", "False": "false"}.get(repr(value), repr(value))
    return text if len(text) <= 60 else text[:57] + "…"
