"""Names of people: which there are, whose they are, and which words of a text are some."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.part import shaped

from ..grammar import asked, next_word
from ..spots import Place
from ..word_lists import word_set
from .shapes import TITLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from seedbed.core.editing import Text

Locale = Annotated[str, shaped(r"[a-z]{2,3}(_[A-Z]{2})?", "must be a locale such as de_DE")]
Gender = Literal["male", "female"]
GENDERS: tuple[Gender, Gender] = ("male", "female")
_FEW = 5
_NO_PERSON = word_set("people", "no last names")
_ALSO_WORDS = word_set("people", "also words")
_WORDS = _ALSO_WORDS | word_set("people", "also words, last names")
_DOING = word_set("pronouns", "past") | word_set("people", "what people do")
_TOP = 150


class Names(NamedTuple):
    """First and last names of a language, by gender."""

    first: Mapping[Gender, Sequence[str]]
    last: Mapping[Gender, Sequence[str]]


@cache
def of_locale(locale: str, latin: bool) -> Names:
    """Faker's names of a locale, in Latin letters if they are asked for and it has them.

    Raises:
        InputError: Faker is not there, or has no names of that locale.
    """
    try:
        people: Any = import_module("faker.providers.person")
        known = sorted(one.name for one in files(people).iterdir() if "_" in one.name and one.name[0] != "_")
    except ImportError as error:
        raise MissingExtra("The transform `replace_names`", "augment") from error
    if locale not in known:
        raise InputError(f"Faker has no names of the locale `{locale}`.", f"It has those of: {', '.join(known)}.")
    provider = import_module(f"faker.providers.person.{locale}").Provider
    form = "romanized_names" if latin and hasattr(provider, "first_romanized_names") else "names"
    first = {gender: _listed(provider, f"first_{form}", gender) for gender in GENDERS}
    last = {gender: _listed(provider, f"last_{form}", gender) for gender in GENDERS}
    if min(len(some) for found in (first, last) for some in found.values()) < _FEW:
        raise InputError(f"Faker has too few names of the locale `{locale}`.", "Give your own list with `values`.")
    return Names(first, last)


def _listed(provider: Any, kind: str, gender: Gender) -> list[str]:
    found = getattr(provider, f"{kind}_{gender}", None) or getattr(provider, kind)
    names = (re.sub(r"^Mc[a-z]", lambda match: match[0][:2] + match[0][2].upper(), name.strip()) for name in found)
    return list(dict.fromkeys(names))


@cache
def _counted(kind: str) -> Mapping[str, float]:
    """Per cent of the people of the United States (census of 1990) who had a name, by the name in small letters."""
    try:
        lines = files("names").joinpath(f"dist.{kind}").read_text("ascii").splitlines()
    except ModuleNotFoundError as error:
        raise MissingExtra("The transform `replace_names`", "augment") from error
    return {name.lower(): float(share) for name, share, *_ in map(str.split, lines)}


@lru_cache(1 << 14)
def gender_of(first: str) -> Gender | None:
    """The gender nearly all who have a first name are of; None if it is unknown or not so."""
    name = first.lower()
    male, female = _counted("male.first").get(name, 0.0), _counted("female.first").get(name, 0.0)
    if max(male, female) < 10 * min(male, female) or not male + female:
        return None
    return "male" if male > female else "female"


@lru_cache(1 << 14)
def is_first(name: str) -> bool:
    """Whether a lone name is rather a first name than a last one."""
    lower = name.lower()
    share = max(_counted("male.first").get(lower, 0.0), _counted("female.first").get(lower, 0.0))
    return share > _counted("all.last").get(lower, 0.0)


@cache
def _firsts() -> Mapping[str, bool]:
    """First names that are rarely last names, and whether they are known so well that they need none beside them."""
    found: dict[str, bool] = {}
    for kind in ("female.first", "male.first"):
        for place, name in enumerate(_counted(kind)):
            if len(name) > 2 and name != "santa" and is_first(name):
                found[name] = found.get(name, False) or (place < _TOP and name not in _ALSO_WORDS)
    return found


@cache
def _looked_for() -> frozenset[str]:
    """First names as words of a text."""
    return frozenset(name + end for name in _firsts() for end in ("", "'s"))


_PERSON = re.compile(
    r"(?P<first>[A-Z](?<![\w.&'’@#/-][A-Z])(?<!& [A-Z])[a-z]+)(?: [A-Z]\.)*"
    r"(?P<last>(?: (?:[Vv][ao]n|[Dd]er?|bin|al|L[ea]))* (?:Mc|Mac|O['’]|D['’])?"
    r"[A-Z][a-zà-öø-ÿ]+(?:-[A-Z][a-zà-öø-ÿ]+)?)?(?![\w@/&-]| [A-Z&]| awards?\b)"
)
_CAPITAL = re.compile(r"[A-Z](?<![\w.&'’@#/-][A-Z])\w+(?:[-'’][A-Z]\w+)?(?![\w@/&-]| [A-Z&])")


def found(text: Text, known: Collection[str]) -> list[Place]:
    """Where people are named in a text without spans: by a first name, with the last name if it follows, and again.

    A first name that is less common, or also a word ("Will"), needs a last name where it is met first. There are none
    if one of their names also stands where it is not clear whose it is ("John Lewis", "the John Lewis store").

    Args:
        text: the text.
        known: names, in small letters, that were met before in the record.
    """
    whole = text.text
    if not known and not any(name.capitalize() in whole for name in _looked_for().intersection(text.lowers)):
        return []
    if whole.isupper() or in_titles(whole):
        return []
    people = [match for match in _PERSON.finditer(whole) if _is_person(match)]
    met = {name for match in people for name in (match["first"].lower(), _last(match)) if name}
    met |= set(known)
    return _everywhere(text, [match.span() for match in people], met) if met else []


def _is_person(match: re.Match[str]) -> bool:
    whole, at, name, last = match.string, match.start(), match["first"].lower(), _last(match)
    well_known = _firsts().get(name)
    if well_known is None or last in _NO_PERSON or not _alone(whole, at):
        return False
    if well_known:
        return True
    asks = name in ("will", "may") and _begins(whole, at) and asked(whole, at)
    return last in _counted("all.last") and not asks


def _last(match: re.Match[str]) -> str:
    return (match["last"] or "").strip().lower()


def _everywhere(text: Text, places: list[Place], names: Collection[str]) -> list[Place]:
    """The places and those where one of the names stands alone ("Mr Brown", "Brown said"), in order.

    None at all if one stands where it is neither a name by itself nor a word of the language.
    """
    whole = text.text
    taken = {at for start, end in places for at in range(start, end)}
    again = [
        one.span()
        for one in _CAPITAL.finditer(whole)
        if one.start() not in taken
        and one[0].lower() in names
        and _alone(whole, one.start())
        and not _is_word(whole, *one.span())
    ]
    taken.update(start for start, _ in again)
    ends = {re.split(r"[ -]", name)[-1] for name in names}
    for start, end, lower in text.words:
        if start in taken or lower.removesuffix("'s") not in ends or not whole[start].isupper():
            continue
        if not _is_word(whole, start, end) and not text.address(start, end):
            return []
    return sorted(places + again)


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether a name at the beginning of a sentence is rather a word: "Will it", "Brown bears", not "Brown said"."""
    if text[start:end].lower() not in _WORDS or not _begins(text, start):
        return False
    word = next_word(text, end)
    return word not in _DOING and not word.endswith("ed") and text[end : end + 1] not in ("'", "’")


def in_titles(text: str) -> bool:
    """Whether All Words Have Capitals, so that capitals tell nothing."""
    return text.istitle() and text.count(" ") > 1


_BEFORE = re.compile(r"(\w+)(\.?) $")
_BEGINNING = re.compile(r"(?:^|[.!?…:;\"“”‘•\n–—-])['’\")]*\s*$")


def _alone(text: str, start: int) -> bool:
    """Whether no capitalised word but a title stands before: not in "Prince George Street", "the John Lewis store"."""
    before = _BEFORE.search(text, max(0, start - 24), start)
    word = before[1].lower() if before else ""
    if not before or word in TITLES or word in ("the", "st", "mt", "ft"):
        return not before or word in TITLES
    return before[2] == "." or not before[1][0].isupper() or _begins(text, start)


def _begins(text: str, start: int) -> bool:
    return _BEGINNING.search(text, max(0, start - 6), start) is not None
