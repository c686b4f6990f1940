"""Names of people: which there are, whose they are, and which words of a text are some."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from seedbed.core.errors import InputError, MissingExtra
from seedbed.core.part import shaped

from .agreement import word_set
from .shapes import TITLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Locale = Annotated[str, shaped(r"[a-z]{2,3}(_[A-Z]{2})?", "must be a locale such as de_DE")]
Gender = Literal["male", "female"]
GENDERS: tuple[Gender, Gender] = ("male", "female")
_FEW = 5
_NO_PERSON = word_set("people", "no last names")
_ALSO_WORDS = word_set("people", "also words")
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


def gender_of(first: str) -> Gender | None:
    """The gender nearly all who have a first name are of; None if it is unknown or not so."""
    name = first.lower()
    male, female = _counted("male.first").get(name, 0.0), _counted("female.first").get(name, 0.0)
    if max(male, female) < 10 * min(male, female) or not male + female:
        return None
    return "male" if male > female else "female"


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


_PERSON = re.compile(
    r"(?<![\w.&'’@#/-])(?<!& )(?P<first>[A-Z][a-z]+)(?: [A-Z]\.)*(?P<last>(?: (?:[Vv][ao]n|[Dd]er?|bin|al|L[ea]))*"
    r" (?:Mc|Mac|O['’]|D['’])?[A-Z][a-zà-öø-ÿ]+(?:-[A-Z][a-zà-öø-ÿ]+)?)?(?![\w@/&-]| [A-Z&]| awards?\b)"
)
_CAPITAL = re.compile(r"(?<![\w.&'’@#/-])[A-Z]\w+(?:[-'’][A-Z]\w+)?(?![\w@/&-]| [A-Z&])")


def found(text: str, lowers: frozenset[str]) -> list[tuple[int, int]]:
    """Where people are named in a text without spans: by a first name, with the last name if it follows.

    A first name that is less common, or also a word ("Will"), needs a last name, and must not begin a sentence.
    """
    firsts = _firsts()
    words = [word.removesuffix("'s") for word in lowers]
    if not any(word in firsts and word.capitalize() in text for word in words) or text.isupper() or in_titles(text):
        return []
    places = []
    for match in _PERSON.finditer(text):
        name, last = match["first"].lower(), (match["last"] or "").strip().lower()
        if name not in firsts or last in _NO_PERSON or not _alone(text, match.start()):
            continue
        if firsts[name] or (last in _counted("all.last") and not _begins(text, match.start())):
            places.append(match.span())
    return places


def again(text: str, names: Collection[str]) -> list[tuple[int, int]]:
    """Where last names that were met before, in small letters, stand alone: "Mr Brown", "Brown said"."""
    places = _CAPITAL.finditer(text) if names else ()
    return [one.span() for one in places if one[0].lower() in names and _alone(text, one.start())]


def in_titles(text: str) -> bool:
    """Whether All Words Have Capitals, so that capitals tell nothing."""
    return text.istitle() and text.count(" ") > 1


def _alone(text: str, start: int) -> bool:
    """Whether no capitalised word but a title stands before: not in "Prince George Street", "the John Lewis store"."""
    before = re.search(r"(\w+)(\.?) $", text[max(0, start - 24) : start])
    word = before[1].lower() if before else ""
    if not before or word in TITLES or word in ("the", "st", "mt", "ft"):
        return not before or word in TITLES
    return before[2] == "." or not before[1][0].isupper() or _begins(text, start)


def _begins(text: str, start: int) -> bool:
    return re.search(r"(?:^|[.!?…:;\"“”‘•\n–—-])['’\")]*\s*$", text[max(0, start - 6) : start]) is not None
