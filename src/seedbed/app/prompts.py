"""The built-in prompts, as they stand in their files, and what a prompt of one's own may use."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from seedbed.core.errors import InputError
from seedbed.core.prompts import prompt_source
from seedbed.generators.asking import ALWAYS, Asking
from seedbed.generators.catalog import generators
from seedbed.generators.prompt import BUILTINS

if TYPE_CHECKING:
    from seedbed.core.part import Generator

_EXTENDS = re.compile(r'\{% extends "(\w+)" %\}\n?')
_BLOCK = re.compile(r"\{% block (\w+) %\}\n?(.*?)\{% endblock %\}\n?", re.S)
_SUPER = re.compile(r"\{\{ super\(\) \}\}\n?")

VARIABLES = {
    "prompt": BUILTINS,
    "classification": ("label", "category", "type", "description", "instruction", "examples", "recent"),
}
"""Of kinds that do not say it themselves."""


def kinds() -> list[str]:
    """The kinds that have built-in prompts."""
    return [kind for kind in generators.names() if _names(kind)]


def texts(kind: str) -> dict[str, str]:
    """The built-in texts of a kind by their names: Jinja sources with what they extend put in.

    Raises:
        InputError: there is no such kind, or it has none.
    """
    package = _package(kind)
    found = {name: _source(package, name) for name in _names(kind)}
    if not found:
        raise InputError(f"The generator `{kind}` has no built-in prompts.", f"Those have: {', '.join(kinds())}.")
    return found


def variables(kind: str) -> list[str]:
    """What a `prompt` or `system` of one's own may use, beside the recipe's axes and attributes.

    Raises:
        InputError: there is no such kind.
    """
    cls: type[Generator] = generators.get(kind)
    if kind in VARIABLES or not issubclass(cls, Asking):
        return list(VARIABLES.get(kind, ()))
    return [*ALWAYS, *cls.model_construct(count=1).own_variables()]


def _package(kind: str) -> str:
    return generators.get(kind).__module__.rpartition(".")[0]


def _names(kind: str) -> list[str]:
    """The prompt files of a kind: those that begin with its name, unless it begins that of a longer kind."""
    folder = files(_package(kind)) / "prompts"
    if not folder.is_dir():
        return []
    names = sorted(file.name.removesuffix(".j2") for file in folder.iterdir() if file.name.endswith(".j2"))
    longer = [other for other in generators.names() if other.startswith(f"{kind}_")]
    own = [name for name in names if name == kind or name.startswith(f"{kind}_")]
    return [name for name in own if not any(name == other or name.startswith(f"{other}_") for other in longer)]


def _source(package: str, name: str) -> str:
    """A prompt's text; where it extends another, that one with its blocks replaced."""
    text = prompt_source(package, name)
    extends = _EXTENDS.match(text)
    if not extends:
        return text.strip()
    own: dict[str, str] = dict(_BLOCK.findall(text))

    def filled(block: re.Match[str]) -> str:
        base = str(block[2])
        return _SUPER.sub(lambda _: base, own.get(str(block[1]), base))

    return _BLOCK.sub(filled, _source(package, extends[1])).strip()
