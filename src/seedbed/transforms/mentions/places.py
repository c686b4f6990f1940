"""Names of places for others, with "the" where English has it: what countries and towns have in common."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import Field

from seedbed.core.part import Name
from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from ..grammar import last_word
from ..spots import Place, portion
from ..word_lists import word_set
from ..words import with_articles
from .entities import after_the, another, fitted, inside_word, takes_the
from .people import in_titles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

_ABBREVIATION = re.compile(r"(?:[A-Z]\.?){2,3}")
_NEXT = re.compile(r" (\w+)|['’](?!s)")
_LAST = re.compile(r"(?:(\w+) )?(\w+) $")
_GLUED = frozenset("_.&'’@#/-")
"""Signs before a name that is part of something longer."""

_BEFORE = word_set("places", "before the")
_AFTER = word_set("places", "after names")
_BEGINNING = word_set("places", "beginnings")


class Table(NamedTuple):
    """What may stand for a place, without "the" and all; what is looked for in texts without spans, and first words."""

    plain: Sequence[str]
    every: Sequence[str]
    names: re.Pattern[str]
    firsts: frozenset[str]


class _Place(NamedTuple):
    """A name in a text, what may stand for it, and where the "the" before it begins, which may have to go."""

    start: int
    end: int
    pool: Sequence[str]
    the: int | None


class Places(Transform):
    """Names of places for others.

    Spans whose label is one of `entities` (in any case) hold places; they are changed if all of the span is a name of
    one. In texts without spans names are looked for that stand alone, not "Bank of China" or "New York Times". The same
    place becomes the same one again in a record. `prob` is the share of the places that are changed, at least one.
    """

    entities: Annotated[tuple[Name, ...], Field(min_length=1)] = ("LOC", "GPE", "LOCATION", "COUNTRY", "CITY")
    values: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    prob: Portion = 1.0

    @abstractmethod
    def table(self) -> Table:
        """The names it has.

        Raises:
            InputError: there are none.
        """

    @abstractmethod
    def fits(self, name: str) -> bool:
        """Whether a name in a span is of such a place and to be replaced."""

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        find = self._finder()

        def edit(text: Text, dice: Dice) -> Edits:
            places = list(find(text))
            if not places:
                return ()
            chosen = dice.some(places, portion(self.prob, len(places)))
            edits = [one for place in chosen for one in self._edits(text.text, place, dice)]
            return with_articles(self, text, edits)

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        find = self._finder()
        return lambda text: next(find(text), None) is not None

    def _finder(self) -> Callable[[Text], Iterator[_Place]]:
        """Finds the names that can be replaced where they stand, in order."""
        table = self.table()
        labels = frozenset(label.upper() for label in self.entities)

        def find(text: Text) -> Iterator[_Place]:
            for start, end in self._in_spans(text, labels) if text.entities else _in_text(text, table):
                place = self._place(text, start, end, table)
                if place is not None:
                    yield place

        return find

    def _in_spans(self, text: Text, labels: frozenset[str]) -> list[Place]:
        whole, found = text.text, []
        wanted = [(span.start, span.end) for span in text.spans if span.label.upper() in labels]
        for first, end in dict.fromkeys(wanted):
            start = first + 4 * (whole[first : first + 4].lower() == "the ")
            if start < end and self.fits(whole[start:end]) and not inside_word(whole, start, end):
                found.append((start, end))
        return found

    def _place(self, text: Text, start: int, end: int, table: Table) -> _Place | None:
        """How a name stands in its sentence; None if it cannot be replaced there."""
        whole, name = text.text, text.text[start:end]
        sign = whole[end : end + 1]
        after = _NEXT.match(whole, end, end + 12)
        bare = after is None or after[1] in _AFTER
        the = start - 4 if after_the(whole, start) else None
        if the is not None:
            usable = argument = bare and sign != "-" and takes_the(name) and self.free(text, the, start)
        else:
            usable = bare or (after is not None and after[1] is not None and not _ABBREVIATION.fullmatch(name))
            argument = bare and sign not in ("-", "'", "’") and last_word(whole, start) in _BEFORE
        pool = table.every if argument else table.plain
        if not usable or not self.free(text, start, end) or not any(map(self._other(name), pool)):
            return None
        return _Place(start, end, pool, the)

    def _edits(self, text: str, place: _Place, dice: Dice) -> list[Edit]:
        start, end, pool, the = place
        old = text[start:end]
        key = f"place\x1f{self.same(old)}"
        if dice.drawn.get(key) not in pool:
            dice.drawn[key] = another(pool, text, self._other(old), dice)
        new = dice.drawn[key]
        article = []
        if the is not None and not takes_the(new):
            article = [Edit(the, start, "")]
        elif the is None and takes_the(new):
            article = [Edit(start, start, "the ")]
        return [*article, Edit(start, end, fitted(new, old, text))]

    def same(self, name: str) -> str:
        """What all names of one place have in common."""
        return name.casefold()

    def _other(self, old: str) -> Callable[[str], bool]:
        same = self.same(old)
        return lambda new: self.same(new) != same


def _in_text(text: Text, table: Table) -> list[Place]:
    """Names in a text without spans, which stand alone: beside no other capitalised word."""
    if table.firsts.isdisjoint(text.lowers) or text.text.isupper() or in_titles(text.text):
        return []
    return [one.span() for one in table.names.finditer(text.text) if _alone(text.text, one.start())]


def _alone(text: str, start: int) -> bool:
    """Whether a name is a word by itself, and neither behind a capitalised one nor behind "Bank of"."""
    letter = text[start - 1 : start]
    if letter.isalnum() or letter in _GLUED:
        return False
    before = _LAST.search(text, max(0, start - 40), start) if letter == " " else None
    if before is None:
        return True
    owner, word = before[1] or "", before[2]
    if word in ("of", "for") and owner[:1].isupper():
        return False
    return not word[0].isupper() or word.lower() in _BEGINNING


def table_of(new: Iterable[str], looked_for: Iterable[str], not_before: str = "") -> Table:
    """A table of names, those with "the" apart; `not_before` is a pattern that must not follow a name in a text."""
    every = [name.removeprefix("the ") for name in dict.fromkeys(new)]
    names = sorted(looked_for, key=len, reverse=True)
    listed, firsts = "|".join(map(re.escape, names)), [re.findall(r"\w+", name.lower())[0] for name in names]
    after = rf"[\w@/&$£€]|-[A-Z]| [A-Z&]|['’]s [A-Z]{not_before}"
    pattern = re.compile(rf"(?:{listed})(?!{after})")
    plain = [name for name in every if not takes_the(name)]
    return Table(plain, every, pattern, frozenset(first + end for first in firsts for end in ("", "'s")))
