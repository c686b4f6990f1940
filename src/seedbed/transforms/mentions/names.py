"""Names of people for others, by language and gender, in the shape they had."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from seedbed.core.part import Name
from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Portion, Transform

from ..spots import Place, portion, unhindered
from ..word_lists import word_set
from ..words import with_articles
from . import people
from .entities import alone, another, inside_word
from .people import GENDERS, Gender, Locale, Names
from .same_people import Mention, roles_drawn, roles_in, with_same, without_stayed
from .shapes import CHINESE, FEMALE_TITLES, MALE_TITLES, Piece, called, caseless, parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

_PARTS = {"full": ("first", "initial", "last", "full"), "first": ("first", "initial"), "last": ("last",)}
_NO_NAMES = word_set("people", "no names")
_DONE = "texts\x1f"
"""With the `part`, under which a record's dice keep the texts that were done, to know which names stayed there."""


class ReplaceNames(Transform):
    """A person's name becomes another one: "J. Smith" and "John Smith", "M. Lopez" and "Maria Lopez".

    `locale` is one of Faker's with names ("de_DE", "hi_IN"); those of Japan and China come in Latin letters where the
    old name has them. `gender` is male, female, any, or the same as before where that is known. `part` says which part
    of names is replaced. `values` are names of one's own ("Ann Lee", "Ann") instead, whatever their gender. Spans whose
    label is one of `entities` (in any case) hold names; in texts without spans well-known first names are looked for.
    The same name becomes the same one again in a record, a different one another; in texts without spans it is changed
    wherever it stands in the record, or nowhere. `prob` is the share of the mentions, others of the same names with
    them.
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
        find, done = self._finder(), _DONE + self.part

        def edit(text: Text, dice: Dice) -> Edits:
            found = find(text, dice.drawn)
            dice.drawn[done] = f"{dice.drawn[done]}\n{text.text}" if done in dice.drawn else text.text
            if not found:
                return ()
            chosen = found if self.prob == 1 else with_same(dice.some(found, portion(self.prob, len(found))), found)
            return with_articles(self, text, [self._renamed(text.text, one, dice) for one in chosen])

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        find = self._finder()
        return lambda text: bool(find(text, {}))

    def _finder(self) -> Callable[[Text, Mapping[str, str]], list[Mention]]:
        """Finds the names for which there is another one, in order, given what was drawn in the record."""
        labels, pools = frozenset(label.upper() for label in self.entities), self._pools()
        known = lru_cache(1 << 14)(partial(self._known, pools))

        def find(text: Text, drawn: Mapping[str, str]) -> list[Mention]:
            whole, roles = text.text, roles_drawn(drawn) if drawn else {}
            places = self._marked(text, labels) if text.entities else people.found(text, roles.keys())
            if not places:
                return []
            lones = [_lone(whole[start:end]) for start, end in places]
            if any(lones):
                roles |= roles_in([whole[start:end] for start, end in places])
            found = []
            for (start, end), lone in zip(places, lones, strict=True):
                role = _settled(lone, roles, called(whole, start)) if lone else ""
                pieces, names, last = known(whole[start:end], role)
                if pieces:
                    found.append(Mention(start, whole[start:end], pieces, names, last))
            return without_stayed(found, drawn, drawn.get(_DONE + self.part, ""))

        return find

    def _pools(self) -> tuple[Names, Names]:
        """The names for mentions in Latin letters, and for others."""
        if self.values is None:
            return people.of_locale(self.locale, True), people.of_locale(self.locale, False)
        split = [value.rpartition(" ") for value in self.values]
        first = [first or last for first, _, last in split if first or self.part != "last"]
        last = [last for first, _, last in split if first or self.part == "last"]
        names = Names(dict.fromkeys(GENDERS, first), dict.fromkeys(GENDERS, last))
        return names, names

    def _marked(self, text: Text, labels: Collection[str]) -> list[Place]:
        """Where spans say that names of people are."""
        whole = text.text
        places = dict.fromkeys([(span.start, span.end) for span in text.spans if span.label.upper() in labels])
        free = unhindered(self, text) and alone(text) is text.spans
        return [one for one in places if not inside_word(whole, *one) and (free or self.free(text, *one))]

    def _known(self, pools: tuple[Names, Names], name: str, lone: str) -> tuple[Sequence[Piece], Names, str]:
        """What is to be replaced of a name, by which names, and its last name; `lone` is what a lone name is."""
        shape = parsed(name)
        if len(shape) > 1 and all(name[one.start : one.end].lower() in _NO_NAMES for one in shape):
            shape = ()
        pieces = [one._replace(role=lone) if one.role == "lone" else one for one in shape]
        names = pools[caseless(name)]
        last = next((name[one.start : one.end].casefold() for one in pieces if one.role == "last"), "")
        wanted = [one for one in pieces if one.role in _PARTS[self.part] and self._replaceable(name, one, names)]
        return wanted, names, last

    def _replaceable(self, name: str, piece: Piece, names: Names) -> bool:
        """Whether there is another name for a part, in the same kind of letters if other parts stay."""
        old = name[piece.start : piece.end]
        if piece.role == "full":
            return bool(names.first["male"] and names.last["male"])
        for new in (names.last if piece.role == "last" else names.first)["male"]:
            if _other(piece.role, old, new) and (self.part == "full" or caseless(old) == caseless(new)):
                return True
        return False

    def _renamed(self, text: str, mention: Mention, dice: Dice) -> Edit:
        """A mention with its parts replaced."""
        start, whole, pieces, *_ = mention
        gender = self._gender(text, mention, dice)
        new, at = "", 0
        for first, end, role in pieces:
            old = whole[first:end]
            drawn = [_drawn(text, mention, gender, dice, one) for one in _asked(role, old)]
            if role == "full":
                name = "".join(drawn) if CHINESE.fullmatch(drawn[0]) else f"{drawn[1]} {drawn[0]}"
            elif role == "initial":
                initials = iter(drawn)
                name = "".join(next(initials)[0] if letter.isalpha() else letter for letter in old)
            else:
                name = drawn[0].upper() if old.isupper() else drawn[0].lower() if old.islower() else drawn[0]
            new += whole[at:first] + name
            at = end
        return Edit(start, start + len(whole), new + whole[at:])

    def _gender(self, text: str, mention: Mention, dice: Dice) -> Gender:
        """The gender a new name is to have."""
        for gender in GENDERS:
            if gender == self.gender:
                return gender
        start, whole, pieces, *_ = mention
        words = text[max(0, start - 12) : start + pieces[0].start].lower().split()
        before = [word.strip(".('\"“") for word in words[-1:]]
        if not MALE_TITLES.isdisjoint(before):
            return "male"
        if not FEMALE_TITLES.isdisjoint(before):
            return "female"
        firsts = [whole[piece.start : piece.end] for piece in pieces if piece.role == "first"]
        known = people.gender_of(firsts[0]) if firsts and self.gender == "same" else None
        return dice.choice(GENDERS) if known is None else known


def _lone(name: str) -> str:
    """The name if it has one part that may be a first or a last name, else ""."""
    shape = parsed(name)
    return name[shape[0].start : shape[0].end] if len(shape) == 1 and shape[0].role == "lone" else ""


def _settled(name: str, roles: Mapping[str, str], titled: bool) -> str:
    """What a lone name is: a first or last one, as it was met or more people have it; "lone" for no name ("Pope")."""
    known = "last" if titled else roles.get(name.casefold())
    if known is None:
        if name.lower() in _NO_NAMES:
            return "lone"
        known = "first" if caseless(name) or people.is_first(name) else "last"
    return "last" if known == "last" else "first"


def _asked(role: str, old: str) -> list[tuple[str, str]]:
    """Which names must be drawn for a part, and for what."""
    if role == "full":
        return [("last", old), ("first", old)]
    return [(role, one) for one in old if one.isalpha()] if role == "initial" else [(role, old)]


def _other(role: str, old: str, new: str) -> bool:
    """Whether a name differs from an old one, or begins with another letter."""
    return new[0] != old[0] if role == "initial" else new.casefold() != old.casefold()


def _drawn(text: str, mention: Mention, gender: Gender, dice: Dice, asked: tuple[str, str]) -> str:
    """What stands for a part of a name in all of the record; "J." of "J. Smith" is the John of "John Smith"."""
    role, old = asked
    if role == "last":
        initial, key = "", f"name\x1flast\x1f{old.casefold()}"
    else:
        initial = f"name\x1finitial\x1f{old[0].casefold()}\x1f{mention.last}"
        key = initial if role == "initial" else f"name\x1ffirst\x1f{old.casefold()}"
    if key not in dice.drawn:
        names = (mention.names.last if role == "last" else mention.names.first)[gender]
        met = dice.drawn.get(initial) if role == "first" else None
        if not met or any(new == met for known, new in dice.drawn.items() if known.startswith("name\x1ffirst")):
            met = another(names, text, lambda new: _other(role, old, new), dice)
        dice.drawn[key] = met
    if role == "first" and mention.last:
        dice.drawn.setdefault(initial, dice.drawn[key])
    return dice.drawn[key]
