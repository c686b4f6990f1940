"""Prompt texts with `{variables}`, and with columns whose values are put in later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson

from .errors import InputError, nearest

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_MARKED = re.compile("\ue000([^\ue001]*)\ue001")


def variables_in(text: str) -> list[str]:
    """What stands in a text as `{name}`, each once, in order."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


class Template:
    """A text in which each `{name}` of a known variable is replaced; every other brace stays as it is.

    Args:
        text: the template.
        known: names that may be used.
        where: what the text is, for messages ("generator.prompt").
        strict: whether an unknown `{name}` is an error (it stays as it is otherwise).

    Raises:
        InputError: strict, and a variable is not known; names it and the nearest known one.
    """

    def __init__(self, text: str, known: Iterable[str], where: str, *, strict: bool = True) -> None:
        names = set(known)
        pieces = _VARIABLE.split(text)
        self._names: list[str] = []
        text = ""
        for i in range(0, len(pieces), 2):
            name = pieces[i + 1] if i + 1 < len(pieces) else None
            if name is not None and name not in names:
                if strict:
                    raise InputError(f"{where}: there is no variable `{{{name}}}`.", nearest(name, sorted(names)))
                text += f"{pieces[i]}{{{name}}}".replace("%", "%%")
            else:
                text += pieces[i].replace("%", "%%") + ("" if name is None else "%s")
                self._names += [] if name is None else [name]
        self._text = text
        self.variables = set(self._names)

    def render(self, values: Mapping[str, object]) -> str:
        """The text with the variables' values put in; a value that is missing or None is empty."""
        return self._text % tuple(["" if (value := values.get(name)) is None else value for name in self._names])


def marked(text: str, columns: Container[str]) -> str:
    """The text in which each `{column}` of these is set apart from all other braces, for `filled` to find."""
    return _VARIABLE.sub(lambda found: f"\ue000{found[1]}\ue001" if found[1] in columns else found[0], text)


def unmarked(text: str) -> str:
    """The text as it was before it was `marked`."""
    return _MARKED.sub(r"{\1}", text)


def filled(text: str, values: Mapping[str, Any]) -> str:
    """A `marked` text in which the columns have a record's values."""
    return _MARKED.sub(lambda found: _shown(values.get(found[1])), text) if "\ue000" in text else text


def _shown(value: Any) -> str:
    """A value as it stands in a prompt; a conversation turn by turn."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list) and all(isinstance(turn, dict) and {"role", "content"} <= turn.keys() for turn in value):
        return "\n".join(f"{turn['role']}: {turn['content']}" for turn in value)
    return orjson.dumps(value, default=str).decode()
