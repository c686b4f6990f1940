"""Countries and cities for others, with "the" where English has it."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from pydantic import Field

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.part import Name
from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from .agreement import word_set
from .entities import another, fitted, inside_word, takes_the
from .geography import CITIES, UNCLEAR, Income, Region, countries
from .people import Locale, in_titles
from .words import with_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Mentions

_CITIES_DRAWN = 300
_ABBREVIATION = re.compile(r"(?:[A-Z]\.?){2,3}")
_THE = re.compile(r"\b[Tt]he $")
_BEFORE = word_set("places", "before the")
_AFTER = word_set("places", "after names")
_BEGINNING = word_set("places", "beginnings")
_REGIONS = word_set("places", "regions")


class _Table(NamedTuple):
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


class _Places(Transform):
    """Names of places for others.

    Spans whose label is one of `entities` (in any case) hold places; they are changed if all of the span is a name of
    one. In texts without spans names are looked for that stand alone, not "Bank of China" or "New York Times". The same
    place becomes the same one again in a record. `prob` is the share of the places that are changed, at least one.
    """

    entities: Annotated[tuple[Name, ...], Field(min_length=1)] = ("LOC", "GPE", "LOCATION", "COUNTRY", "CITY")
    values: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    prob: Portion = 1.0

    @abstractmethod
    def table(self) -> _Table:
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
        table = self.table()
        labels = frozenset(label.upper() for label in self.entities)

        def edit(text: Text, dice: Dice) -> Edits:
            found = self._in_spans(text, labels) if text.entities else _in_text(text, table)
            places = [place for one in found if (place := self._place(text, *one, table)) is not None]
            if not places:
                return ()
            chosen = dice.some(places, max(1, round(self.prob * len(places))))
            edits = [one for place in chosen for one in self._edits(text.text, place, dice)]
            return with_articles(self, text, edits)

        return edit

    def _in_spans(self, text: Text, labels: frozenset[str]) -> list[tuple[int, int]]:
        found = []
        for first, end in dict.fromkeys((span.start, span.end) for span in text.spans if span.label.upper() in labels):
            start = first + 4 * (text.text[first : first + 4].lower() == "the ")
            if start < end and self.fits(text.text[start:end]) and not inside_word(text.text, start, end):
                found.append((start, end))
        return found

    def _place(self, text: Text, start: int, end: int, table: _Table) -> _Place | None:
        """How a name stands in its sentence; None if it cannot be replaced there."""
        whole, name = text.text, text.text[start:end]
        the = _THE.search(whole, max(0, start - 5), start)
        sign = whole[end : end + 1]
        after = re.match(r" (\w+)|['’](?!s)", whole[end : end + 12])
        bare = after is None or after[1] in _AFTER
        before = re.search(r"(\w+) $", whole[max(0, start - 12) : start])
        if the:
            usable = bare and sign != "-" and takes_the(name) and self.free(text, the.start(), start)
            argument = True
        else:
            usable = bare or (after is not None and after[1] is not None and not _ABBREVIATION.fullmatch(name))
            argument = bare and sign not in ("-", "'", "’") and before is not None and before[1].lower() in _BEFORE
        pool = table.every if argument else table.plain
        found = usable and self.free(text, start, end) and any(map(self._other(name), pool))
        return _Place(start, end, pool, the.start() if the else None) if found else None

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
        return lambda new: self.same(new) != self.same(old)


def _in_text(text: Text, table: _Table) -> list[tuple[int, int]]:
    """Names in a text without spans, which stand alone: beside no other capitalised word."""
    if table.firsts.isdisjoint(text.lowers) or text.text.isupper() or in_titles(text.text):
        return []
    return [one.span() for one in table.names.finditer(text.text) if _alone(text.text, one.start())]


def _alone(text: str, start: int) -> bool:
    before = re.search(r"(?:(\w+) )?(\w+) $", text[max(0, start - 40) : start])
    if before is None:
        return True
    owner, word = before[1] or "", before[2]
    if word in ("of", "for") and owner[:1].isupper():
        return False
    return not word[0].isupper() or word.lower() in _BEGINNING


def _table(new: Iterable[str], looked_for: Iterable[str], not_before: str = "") -> _Table:
    """A table of names, those with "the" apart; `not_before` is a pattern that must not follow a name in a text."""
    every = [name.removeprefix("the ") for name in dict.fromkeys(new)]
    names = sorted(looked_for, key=len, reverse=True)
    listed, firsts = "|".join(map(re.escape, names)), [re.findall(r"\w+", name.lower())[0] for name in names]
    after = rf"[\w@/&$£€]|-[A-Z]| [A-Z&]|['’]s [A-Z]{not_before}"
    pattern = re.compile(rf"(?=[A-Z])(?<![\w.&'’@#/-])(?:{listed})(?!{after})")
    plain = [name for name in every if not takes_the(name)]
    return _Table(plain, every, pattern, frozenset(first + end for first in firsts for end in ("", "'s")))


class ReplaceCountries(_Places):
    """A country becomes another one: "in Japan", "in the Netherlands".

    `region` (of the United Nations) and `income` (the World Bank's class for its fiscal year 2026) say which ones come
    in; a country that already is of that kind stays. `values` are countries of one's own instead. People of a country
    ("Japanese") and names that hold one ("Bank of China") stay.
    """

    kind: ClassVar[str] = "replace_countries"
    source: ClassVar[str] = "pycountry (LGPL); regions and classes of income: own table"
    region: Region | None = None
    income: Income | None = None

    def table(self) -> _Table:
        """See `_Places.table`."""
        known = countries()
        new = self.values or [one.name for one in dict.fromkeys(known.values()) if self._wanted(one.name)]
        new = [name for name in new if self.values or name not in UNCLEAR]
        if not new:
            raise InputError("There is no country of that region and income.", "Change `region` or `income`.")
        return _table(new, (name for name in known if name not in UNCLEAR and self.fits(name)))

    def fits(self, name: str) -> bool:
        """See `_Places.fits`."""
        name = self.same(name)
        if name not in countries() or name == "Georgia":
            return False
        if self.values:
            return name not in map(self.same, self.values)
        return not (self.region or self.income) or not self._wanted(name)

    def same(self, name: str) -> str:
        """See `_Places.same`."""
        country = countries().get(name) or countries().get(name.title())
        return country.name if country else name.casefold()

    def _wanted(self, name: str) -> bool:
        one = countries()[name]
        return (self.region is None or one.region == self.region) and (self.income is None or one.income == self.income)


class ReplaceLocations(_Places):
    """A city becomes another one, of about 150 well-known ones, of Faker's for a `locale`, or of your `values`.

    In spans any place is replaced but countries, continents and what has "the" before it ("the Pacific").
    """

    kind: ClassVar[str] = "replace_locations"
    source: ClassVar[str] = "own list of cities; Faker (MIT)"
    locale: Locale | None = None

    def table(self) -> _Table:
        """See `_Places.table`."""
        countries()
        return _table(self.values or (_cities(self.locale) if self.locale else CITIES), CITIES, "|, [A-Z]")

    def fits(self, name: str) -> bool:
        """See `_Places.fits`."""
        known = countries()
        region = name in known or name.title() in known or name.title().rpartition(" ")[2] in _REGIONS
        return not (region or takes_the(name) or takes_the(name.title()) or re.search(r"[^\W\d_]", name) is None)


def _cities(locale: str) -> list[str]:
    """Cities as Faker makes them, always the same ones.

    Raises:
        InputError: Faker is not there, or does not know the locale.
    """
    try:
        from faker import Faker

        source: Any = Faker(locale)
    except ImportError as error:
        raise MissingExtra("The transform `replace_locations`", "augment") from error
    except AttributeError as error:
        raise InputError(f"Faker does not know the locale `{locale}`.", "Write one such as de_DE or en_GB.") from error
    source.seed_instance(0)
    return list(dict.fromkeys(source.city() for _ in range(_CITIES_DRAWN)))
