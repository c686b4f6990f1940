"""Where transforms may change a text: stretches without a boundary of a span, letters that belong together, a draw."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar
from unicodedata import category, combining

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Transform

Item = TypeVar("Item")
Place = tuple[int, int]
Ordered = TypeVar("Ordered", int, Place)
_JOINERS = frozenset("\u200d\u0e33\u0eb3")
_VIRAMA = 9


def unhindered(transform: Transform, text: Text) -> bool:
    """Whether all of a text may be changed, but for what crosses a boundary of a span."""
    return not text.spans or ((transform.inside or transform.default) == "allow" and not transform.labels)


def stretches(transform: Transform, text: Text) -> list[Place]:
    """Where each letter may be changed by itself, in order."""
    if unhindered(transform, text):
        return [(0, len(text.text))]
    cuts = {0, len(text.text)}
    for span in text.spans:
        cuts.add(span.start)
        cuts.add(span.end)
    return [(start, end) for start, end in pairwise(sorted(cuts)) if transform.free(text, start, end)]


def outside(transform: Transform, text: Text, at: int) -> bool:
    """Whether something may be put in there, outside of every span."""
    if not text.spans:
        return True
    if not transform.free(text, at, at):
        return False
    return not 0 < at < len(text.text) or not any(span.start < at < span.end for span in text.spans)


def portion(share: float, count: int) -> int:
    """How many that share of a count is, one at least."""
    return max(1, round(share * count))


def drawn(dice: Dice, places: Sequence[Item], share: float) -> list[Item]:
    """That share of the places, at least one of them if there are any, in their order."""
    count, below = len(places), dice.below
    wanted = portion(share, count)
    if wanted >= count:
        return list(places)
    few = min(wanted, count - wanted)
    taken: set[int] = set()
    while len(taken) < few:
        taken.add(below(count))
    if few == wanted:
        return [places[at] for at in sorted(taken)]
    return [place for at, place in enumerate(places) if at not in taken]


def found(dice: Dice, places: Sequence[Ordered], count: int, fits: Callable[[Ordered], bool]) -> list[Ordered]:
    """So many of the places that fit, drawn by chance, in order; all that fit if there are not more."""
    left = list(places)
    taken: list[Ordered] = []
    while left and len(taken) < count:
        at = dice.below(len(left))
        place = left[at]
        left[at] = left[-1]
        left.pop()
        if fits(place):
            taken.append(place)
    return sorted(taken) if count > 1 else taken


def clusters(word: str) -> list[str]:
    """What a reader takes for the letters of a word: each with its marks and what is joined to it."""
    if word.isascii():
        return list(word)
    letters: list[str] = []
    for letter in word:
        if letters and _belongs(letter, letters[-1][-1]):
            letters[-1] += letter
        else:
            letters.append(letter)
    return letters


def _belongs(letter: str, before: str) -> bool:
    """Whether a letter is one with that before it: marks, joiners, conjuncts of Indic scripts, parts of Hangul."""
    return (
        category(letter)[0] == "M"
        or letter in _JOINERS
        or before == "\u200d"
        or (combining(before) == _VIRAMA and letter.isalpha())
        or "\u1160" <= letter <= "\u11ff"
    )
