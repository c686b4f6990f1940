"""Numbers in English words, and their digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seedbed.core.spans import Edit

from .grammar import last_word, words_of
from .swaps import maybe_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seedbed.core.editing import Text

_UNITS = "zero one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {word: value for value, word in enumerate(f"{_UNITS} {_TEENS}".split())}
_VALUES |= {word: value for value, word in zip(range(20, 100, 10), _TENS.split(), strict=True)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SINGLE = frozenset(_UNITS.split())
WORDS = frozenset(_VALUES) | frozenset(_SCALES) | {"hundred"}
_BEHIND = words_of("behind numbers")
"""Words that make something else of a number before them: two thirds, twenty-first, nineteen eighties."""
_WITH_ONE = re.compile(r"(?:\bone (?:or|to|and|in)|\ban? \w+ or|\boh|[0-9]) $", re.IGNORECASE)
_BEFORE_ONE = re.compile(r" (?:or|to|and|in) one\b|[ -]and[ -]a[ -]", re.IGNORECASE)


def written(text: Text) -> Iterator[Edit]:
    """Edits of all numbers in words that can be written in digits."""
    last, lowers = -1, text.lowers
    for at in [at for at, word in enumerate(lowers) if word in WORDS]:
        if at > last:
            last = at + _run(text, at) - 1
            digits = _digits(lowers[at : last + 1])
            if digits and _stands_alone(text, at, last):
                yield Edit(text.starts[at], text.ends[last], digits)


def _run(text: Text, at: int) -> int:
    """How many words from number `at` on may be one number, "and" and "point" within it among them."""
    last, pointed = at, False
    word = text.lowers[at]
    while True:
        following = [_adjacent(text, last + step) for step in (1, 2, 3)]
        if following[0] == "point" and word in _VALUES and following[1] in _SINGLE and not pointed:
            pointed, last, word = True, last + 2, following[1]
        elif following[0] == "and" and word not in _VALUES and following[1] in _VALUES and following[2] != "hundred":
            last, word = last + 2, following[1]
        elif following[0] in (_SINGLE if pointed else WORDS):
            last, word = last + 1, following[0]
        else:
            return last - at + 1


def _adjacent(text: Text, at: int) -> str:
    """The word number `at` if only a space or hyphen stands before it, else ""."""
    starts = text.starts
    if at >= len(starts) or text.text[text.ends[at - 1] : starts[at]] not in (" ", "-"):
        return ""
    return text.lowers[at]


def _digits(words: list[str]) -> str:
    """The digits of a number in words; "" if it is none, or one that stays ("one", "zero")."""
    if "point" in words:
        at = words.index("point")
        whole = _value(words[:at])
        return "" if whole is None else f"{whole}." + "".join(str(_VALUES[word]) for word in words[at + 1 :])
    if words[-1] in _SCALES and words[-1] != "thousand" and not _SCALES.keys() & words[:-1]:
        number = _value(words[:-1])
        return f"{number} {words[-1]}" if number else ""
    number = None if "zero" in words else _value(words)
    if number is None:
        century, year = _VALUES.get(words[0], 0), _value(words[1:])
        return f"{century}{year}" if 16 <= century <= 20 and year and 10 <= year <= 99 else ""
    return "" if number < 2 else f"{number:,}" if number >= 10_000 else str(number)


def _value(words: Sequence[str]) -> int | None:
    """The number that words are, if they are one."""
    total, group, limit = 0, 0, 10**15
    for word in words:
        value = _VALUES.get(word)
        if word in _SCALES:
            if not group or _SCALES[word] >= limit:
                return None
            total, group, limit = total + group * _SCALES[word], 0, _SCALES[word]
        elif value is not None:
            if group and group % 100 and (group % 100 < 20 or group % 10 or not 0 < value < 10):
                return None
            group += value
        elif word == "hundred":
            if not 0 < group < 100:
                return None
            group *= 100
    return total + group if words else None


def _stands_alone(text: Text, first: int, last: int) -> bool:
    """Whether a number is no part of a fraction, an ordinal, a name or a saying like "one or two"."""
    start, end, whole = text.starts[first], text.ends[last], text.text
    name = maybe_name(whole, start, end)
    point = "point" in whole[start:end].lower() and last_word(whole, start) == "at"
    part = _adjacent(text, last + 1) in _BEHIND or whole[max(0, start - 1) : start] == "-"
    one = _WITH_ONE.search(whole, max(0, start - 24), start) or _BEFORE_ONE.match(whole, end)
    return not (name or point or part or one)
