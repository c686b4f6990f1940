"""Sentences with slots: `The {ORG} company is in {LOC}`, `{PER_1} met {a:JOB}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.errors import InputError, nearest
from seedbed.transforms.words import takes_an

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MOST_SLOTS = 100
"""Different slots of one template: with more, the numbers of combinations would fill pages."""

ARTICLES = {"a": ("a", "an"), "A": ("A", "An")}
CASES: dict[str, Callable[[str], str]] = {
    "cap": lambda text: text[:1].upper() + text[1:],
    "upper": str.upper,
    "lower": str.lower,
}
HOW = "A slot is written {NAME}, a brace of the text itself {{ or }}."

_MARK = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[^\W\d_](?:[\w .-]*\w)?")
_NUMBERED = re.compile(r"(.+)_(\d{1,6})")


def cased(value: str, cases: Sequence[str]) -> str:
    """A value as it stands in the text, after the modifiers `cap`, `upper` and `lower`."""
    for case in cases:
        value = CASES[case](value)
    return value


class Slot(NamedTuple):
    """A place for a value: `name` with its number (`PER_1`), `label` without it, and what is done to the value."""

    name: str
    label: str
    article: str = ""
    cases: tuple[str, ...] = ()

    def before(self, value: str) -> str:
        """The article before a value, with its space. How it sounds is told by the value as it was given."""
        if not self.article:
            return ""
        spoken = next((i for i, letter in enumerate(value) if letter.isalnum()), 0)
        return f"{ARTICLES[self.article][takes_an(value[spoken:])]} "


@dataclass(frozen=True)
class SlotTemplate:
    """A sentence with slots; `columns` are those of every record made of it, `place` is where it was given."""

    text: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    place: str = "the template"

    def __post_init__(self) -> None:
        """Reads it.

        Raises:
            InputError: it is empty, or its braces hold no slot; names its place.
        """
        if not self.text.strip():
            raise InputError(f"{self.place}: the template is empty.", HOW)
        if len(self.slots) > MOST_SLOTS:
            raise InputError(
                f"{self.place}: the template has {len(self.slots)} slots; at most {MOST_SLOTS} can be.",
                "Make several templates of it.",
            )

    @cached_property
    def pieces(self) -> tuple[str | Slot, ...]:
        """Texts and slots in turn."""
        return tuple(self._pieces())

    @cached_property
    def slots(self) -> dict[str, str]:
        """Its different slots in their order: name → label."""
        return {piece.name: piece.label for piece in self.pieces if isinstance(piece, Slot)}

    def _pieces(self) -> Iterator[str | Slot]:
        at = 0
        for mark in _MARK.finditer(self.text):
            yield self.text[at : mark.start()]
            if mark[1] is not None:
                yield self._slot(mark[1])
            elif len(mark[0]) == 2:
                yield mark[0][0]
            else:
                what = "is not closed" if mark[0] == "{" else "closes nothing"
                raise InputError(f"{self.place}: the `{mark[0]}` at character {mark.start() + 1} {what}.", HOW)
            at = mark.end()
        yield self.text[at:]

    def _slot(self, inside: str) -> Slot:
        *modifiers, name = [part.strip() for part in inside.split(":")]
        if not _NAME.fullmatch(name):
            problem = "an empty slot" if not inside.strip() else f"`{{{inside}}}`, which names no slot"
            raise InputError(f"{self.place}: there is {problem}.", HOW)
        for modifier in modifiers:
            if modifier not in ARTICLES and modifier not in CASES:
                hint = nearest(modifier, [*ARTICLES, *CASES])
                raise InputError(f"{self.place}: `{{{inside}}}` has the unknown modifier `{modifier}`.", hint)
        if any(modifier in ARTICLES for modifier in modifiers[1:]):
            raise InputError(f"{self.place}: in `{{{inside}}}` the article must come first.", "As in {a:upper:JOB}.")
        article = next((modifier for modifier in modifiers if modifier in ARTICLES), "")
        numbered = _NUMBERED.fullmatch(name)
        name, label = (f"{numbered[1]}_{int(numbered[2])}", numbered[1]) if numbered else (name, name)
        return Slot(name, label, article, tuple(modifiers[bool(article) :]))
