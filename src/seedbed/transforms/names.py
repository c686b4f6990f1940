"""Names of people for others, by language and gender, in the shape they had."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from seedbed.core.part import Name
from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from . import people
from .entities import another, inside_word
from .people import GENDERS, Gender, Locale, Names
from .shapes import CHINESE, FEMALE_TITLES, MALE_TITLES, Piece, caseless, parsed
from .words import with_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Mentions

_Span = tuple[int, int]
_PARTS = {"full": ("first", "initial", "last", "full"), "first": ("first", "initial"), "last": ("last",)}


class _Mention(NamedTuple):
    """A name in a text, the parts of it that are replaced, and the names they are replaced by."""

    start: int
    end: int
    pieces: list[Piece]
    names: Names
    last: str


class ReplaceNames(Transform):
    """A person's name becomes another one: "J. Smith" and "John Smith", "M. Lopez" and "Maria Lopez".

    `locale` is one of Faker's with names ("de_DE", "hi_IN"); those of Japan and China come in Latin letters where the
    old name has them. `gender` is male, female, any, or the same as before where that is known. `part` says which part
    of names is replaced. `values` are names of one's own ("Ann Lee", "Ann") instead, whatever their gender. Spans whose
    label is one of `entities` (in any case) hold names; in texts without spans well-known first names are looked for.
    The same name becomes the same one again in a record, a different one another. `prob` is the share of the mentions.
    """

    kind: ClassVar[str] = "replace_names"
    source: ClassVar[str] = "Faker (MIT); names (MIT; United States Census of 1990)"
    locale: Locale = "en_US"
    gender: Literal["male", "female", "any", "same"] = "same"
    part: Literal["full", "first", "last"] = "full"
    values: Annotated[tuple[Name, ...], Field(min_length=1)] | None = None
    entities: Annotated[tuple[Name, ...], Field(min_length=1)] = ("PER", "PERSON", "NAME")
    prob: Portion = 1.0

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        labels = frozenset(label.upper() for label in self.entities)
        latin, native = self._pools()

        def edit(text: Text, dice: Dice) -> Edits:
            places = self._places(text, labels, dice)
            found = self._mentions(text.text, places, (latin, native), dice) if places else []
            if not found:
                return ()
            chosen = dice.some(found, max(1, round(self.prob * len(found))))
            return with_articles(self, text, [self._renamed(text.text, one, dice) for one in chosen])

        return edit

    def _pools(self) -> tuple[Names, Names]:
        """The names for mentions in Latin letters, and for others."""
        if self.values is None:
            return people.of_locale(self.locale, True), people.of_locale(self.locale, False)
        split = [value.rpartition(" ") for value in self.values]
        first = [first or last for first, _, last in split if first or self.part != "last"]
        last = [last for first, _, last in split if first or self.part == "last"]
        names = Names(dict.fromkeys(GENDERS, first), dict.fromkeys(GENDERS, last))
        return names, names

    def _places(self, text: Text, labels: frozenset[str], dice: Dice) -> list[_Span]:
        whole = text.text
        if text.entities:
            spans = dict.fromkeys((span.start, span.end) for span in text.spans if span.label.upper() in labels)
            return [one for one in spans if self.free(text, *one) and not inside_word(whole, *one)]
        found = people.found(whole, text.lowers)
        if not found and not dice.drawn:
            return []
        met = {whole[start:end].rpartition(" ")[2].lower() for start, end in found if " " in whole[start:end]}
        met |= {key.split("\x1f")[2] for key in dice.drawn if key.startswith("name\x1flast")}
        more = people.again(whole, met)
        return sorted(found + [one for one in more if all(one[1] <= start or one[0] >= end for start, end in found)])

    def _mentions(self, text: str, places: list[_Span], pools: tuple[Names, Names], dice: Dice) -> list[_Mention]:
        """Plain names for which there is another one."""
        shapes = [parsed(text, *place) for place in places]
        met = {key.split("\x1f")[2]: key.split("\x1f")[1] for key in dice.drawn if key.startswith("name\x1f")}
        for shape in shapes:
            met |= {text[piece.start : piece.end].casefold(): piece.role for piece in shape if len(shape) > 1}
        found = []
        for (start, end), shape in zip(places, shapes, strict=True):
            names = pools[caseless(text[start:end])]
            pieces = [_settled(text, piece, met) for piece in shape]
            last = next((text[one.start : one.end].casefold() for one in pieces if one.role == "last"), "")
            pieces = [one for one in pieces if one.role in _PARTS[self.part] and self._replaceable(text, one, names)]
            if pieces:
                found.append(_Mention(start, end, pieces, names, last))
        return found

    def _replaceable(self, text: str, piece: Piece, names: Names) -> bool:
        """Whether there is another name for a part, in the same kind of letters if other parts stay."""
        old = text[piece.start : piece.end]
        if piece.role == "full":
            return bool(names.first["male"] and names.last["male"])
        fits = _other(piece.role, old)
        news = (names.last if piece.role == "last" else names.first)["male"]
        return any(fits(new) and (self.part == "full" or caseless(old) == caseless(new)) for new in news)

    def _renamed(self, text: str, mention: _Mention, dice: Dice) -> Edit:
        """A mention with its parts replaced."""
        gender = self._gender(text, mention, dice)
        new, at = "", mention.start
        for start, end, role in mention.pieces:
            old = text[start:end]
            drawn = [_drawn(text, mention, gender, dice, one) for one in _asked(role, old)]
            if role == "full":
                name = "".join(drawn) if CHINESE.fullmatch(drawn[0]) else f"{drawn[1]} {drawn[0]}"
            elif role == "initial":
                initials = iter(drawn)
                name = "".join(next(initials)[0] if letter.isalpha() else letter for letter in old)
            else:
                name = drawn[0].upper() if old.isupper() else drawn[0].lower() if old.islower() else drawn[0]
            new += text[at:start] + name
            at = end
        return Edit(mention.start, mention.end, new + text[at : mention.end])

    def _gender(self, text: str, mention: _Mention, dice: Dice) -> Gender:
        """The gender a new name is to have."""
        for gender in GENDERS:
            if gender == self.gender:
                return gender
        before = re.findall(r"\w+", text[max(0, mention.start - 12) : mention.pieces[0].start].lower())[-1:]
        firsts = [text[piece.start : piece.end] for piece in mention.pieces if piece.role == "first"]
        if not MALE_TITLES.isdisjoint(before):
            return "male"
        if not FEMALE_TITLES.isdisjoint(before):
            return "female"
        known = people.gender_of(firsts[0]) if firsts and self.gender == "same" else None
        return dice.choice(GENDERS) if known is None else known


def _settled(text: str, piece: Piece, met: Mapping[str, str]) -> Piece:
    """A lone name as the first or last name it was met as, or rather is."""
    name = text[piece.start : piece.end]
    if piece.role != "lone":
        return piece
    known = met.get(name.casefold(), "first" if caseless(name) or people.is_first(name) else "last")
    return piece._replace(role="last" if known == "last" else "first")


def _asked(role: str, old: str) -> list[tuple[str, str]]:
    """Which names must be drawn for a part, and for what."""
    if role == "full":
        return [("last", old), ("first", old)]
    return [(role, one) for one in old if one.isalpha()] if role == "initial" else [(role, old)]


def _other(role: str, old: str) -> Callable[[str], bool]:
    return lambda new: new[0] != old[0] if role == "initial" else new.casefold() != old.casefold()


def _drawn(text: str, mention: _Mention, gender: Gender, dice: Dice, asked: tuple[str, str]) -> str:
    """What stands for a part of a name in all of the record; "J." of "J. Smith" is the John of "John Smith"."""
    role, old = asked
    initial = f"name\x1finitial\x1f{old[0].casefold()}\x1f{mention.last}"
    key = initial if role == "initial" else f"name\x1f{role}\x1f{old.casefold()}"
    if key not in dice.drawn:
        names = (mention.names.last if role == "last" else mention.names.first)[gender]
        met = dice.drawn.get(initial) if role == "first" else None
        dice.drawn[key] = met or another(names, text, _other(role, old), dice)
    if role == "first" and mention.last:
        dice.drawn.setdefault(initial, dice.drawn[key])
    return dice.drawn[key]
