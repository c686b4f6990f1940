"""The parts of a person's name as it is written: first names, initials, the last name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ..word_lists import word_set

MALE_TITLES = word_set("people", "titles of men")
FEMALE_TITLES = word_set("people", "titles of women")
TITLES = MALE_TITLES | FEMALE_TITLES | word_set("people", "titles")
_CALLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady)\.? $")
_PARTICLE = re.compile(r"van|von|de|der|den|del|della|di|da|dos|du|la|le|ter|ten|bin|ibn|al|el|af|av", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|phd|md|esq|mp)\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+|[A-Z]")
_PLAIN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e]|[.'’‘`-])*")
_OWNER = re.compile(r"['’][sS]?$")
_TOKEN = re.compile(r"\S+")
CHINESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]+")


class Piece(NamedTuple):
    """A part of a name: first, initial, last, full (in Chinese, Japanese or Korean letters) or lone (first or last)."""

    start: int
    end: int
    role: str


@lru_cache(1 << 14)
def parsed(name: str) -> tuple[Piece, ...]:
    """The parts of a name, in order; none if it is no plain name of one person."""
    small = name.islower()
    tokens = [one.span() for one in _TOKEN.finditer(_OWNER.sub("", name))]
    if not tokens or not all(_named(name[start:end], small) for start, end in tokens):
        return ()
    while len(tokens) > 1 and _SUFFIX.fullmatch(name, *tokens[-1]):
        tokens.pop()
    titled = False
    while len(tokens) > 1 and name[slice(*tokens[0])].rstrip(".").lower() in TITLES:
        titled = tokens.pop(0) is not None
    if len(tokens) == 1:
        return (Piece(*tokens[0], _role(name, tokens[0], "last" if titled else "lone")),)
    at = next((i for i, one in enumerate(tokens[1:-1], 1) if _PARTICLE.fullmatch(name, *one)), len(tokens) - 1)
    firsts = [Piece(*one, _role(name, one, "first")) for one in tokens[:at]]
    return (*firsts, Piece(tokens[at][0], tokens[-1][1], "last"))


def called(text: str, start: int) -> bool:
    """Whether a title before a place in a text says that a last name follows."""
    return _CALLED.search(text, max(0, start - 6), start) is not None


def caseless(name: str) -> bool:
    """Whether its letters have no capitals, as in Arabic or Hindi."""
    return name.lower() == name.upper()


def _named(word: str, small: bool) -> bool:
    """Whether a word may be part of a name: no number, no "and"; `small` if all of the name is in small letters."""
    plain = _PLAIN.fullmatch(word) is not None
    return plain and (small or not word.islower() or _PARTICLE.fullmatch(word) is not None)


def _role(name: str, place: tuple[int, int], role: str) -> str:
    if role == "lone" and CHINESE.fullmatch(name, *place):
        return "full"
    return "initial" if role != "last" and _INITIALS.fullmatch(name, *place) else role
