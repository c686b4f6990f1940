"""The parts of a person's name as it is written: first names, initials, the last name."""

from __future__ import annotations

import re
from typing import NamedTuple

from .agreement import word_set

MALE_TITLES = word_set("people", "titles of men")
FEMALE_TITLES = word_set("people", "titles of women")
_OTHER_TITLES = word_set("people", "titles")
TITLES = MALE_TITLES | FEMALE_TITLES | _OTHER_TITLES
_CALLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady)\.? $")
_PARTICLE = re.compile(r"van|von|de|der|den|del|della|di|da|dos|du|la|le|ter|ten|bin|ibn|al|el|af|av", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|phd|md|esq|mp)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+|[A-Z]")
_PLAIN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]|[.'’‘`-])*")
_OWNER = re.compile(r"['’][sS]?$")
CHINESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+")


class Piece(NamedTuple):
    """A part of a name: first, initial, last, full (in Chinese, Japanese or Korean letters) or lone (first or last)."""

    start: int
    end: int
    role: str


def parsed(text: str, start: int, end: int) -> list[Piece]:
    """The parts of the name between `start` and `end`, in order; none if it is no plain name of one person."""
    tokens = [(start + one.start(), start + one.end()) for one in re.finditer(r"\S+", _OWNER.sub("", text[start:end]))]
    if not tokens or not all(_named(text, place, text[start:end].islower()) for place in tokens):
        return []
    while len(tokens) > 1 and _SUFFIX.fullmatch(text, *tokens[-1]):
        tokens.pop()
    titled = _CALLED.search(text, max(0, start - 6), start) is not None
    while len(tokens) > 1 and text[slice(*tokens[0])].rstrip(".").lower() in TITLES:
        titled = tokens.pop(0) is not None
    if len(tokens) == 1:
        return [Piece(*tokens[0], _role(text, tokens[0], "last" if titled else "lone"))]
    at = next((i for i, one in enumerate(tokens[1:-1], 1) if _PARTICLE.fullmatch(text, *one)), len(tokens) - 1)
    firsts = [Piece(*one, _role(text, one, "first")) for one in tokens[:at]]
    return [*firsts, Piece(tokens[at][0], tokens[-1][1], "last")]


def caseless(name: str) -> bool:
    """Whether its letters have no capitals, as in Arabic or Hindi."""
    return name.lower() == name.upper()


def _named(text: str, place: tuple[int, int], small: bool) -> bool:
    """Whether a word may be part of a name: no number, no "and"; `small` if all of the name is in small letters."""
    plain = _PLAIN.fullmatch(text, *place) is not None
    return plain and (small or not text[slice(*place)].islower() or _PARTICLE.fullmatch(text, *place) is not None)


def _role(text: str, place: tuple[int, int], role: str) -> str:
    if role == "lone" and CHINESE.fullmatch(text, *place):
        return "full"
    return "initial" if role != "last" and _INITIALS.fullmatch(text, *place) else role
