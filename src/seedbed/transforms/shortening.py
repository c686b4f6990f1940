"""Abbreviations and slang for full and formal words, in places where people write them so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from seedbed.core.editing import Policy
from seedbed.core.transform import Portion

from .grammar import ADVERBS, PLACES, STOPS, SUBJECTS, last_token, last_word, next_word, words_of
from .swaps import PhraseSwap, named, opens
from .word_lists import word_lists

if TYPE_CHECKING:
    from .words import Found

_Rule = Callable[[str, int, int], bool]
"""Whether what stands between two places of a text is used in the sense that its entry has."""


class _Shortening(PhraseSwap):
    """Phrases for others, each where the rule of its section in its list lets it be changed; names stay."""

    default: ClassVar[Policy] = "protect"
    source: ClassVar[str] = "Seedbed's own table"
    list_name: ClassVar[str] = ""
    prob: Portion = 0.5

    def table(self) -> Mapping[str, Sequence[str]]:
        """See `PhraseSwap.table`."""
        return {phrase: news for phrase, (news, _) in _entries(self.list_name).items()}

    def fitting(self, text: str, found: Sequence[Found]) -> Sequence[Found]:
        """See `PhraseSwap.fitting`."""
        entries = _entries(self.list_name)
        return [one for one in super().fitting(text, found) if _fits(entries[one[2]][1], text, one[0], one[1])]


def _fits(rule: _Rule, text: str, start: int, end: int) -> bool:
    return rule(text, start, end) and (rule in _OF_NAMES or not named(text, start, end))


@cache
def _entries(name: str) -> dict[str, tuple[list[str], _Rule]]:
    """Phrase → what may stand for it, and the rule of its section, out of "phrase=new|new, phrase=new"."""
    sections = {title: " ".join(lines.split()) for title, lines in word_lists(name).items()}
    pairs = [(entry.split("="), _RULES[title]) for title, lines in sections.items() for entry in lines.split(", ")]
    return {old: (new.split("|"), rule) for (old, new), rule in pairs}


def _anywhere(_text: str, _start: int, _end: int) -> bool:
    return True


def _within(text: str, start: int, _end: int) -> bool:
    """Not at the start of a sentence."""
    return not opens(text, start)


def _polite(text: str, start: int, _end: int) -> bool:
    """No verb, as in "to please"."""
    return last_word(text, start) != "to"


def _aside(text: str, start: int, _end: int) -> bool:
    """At the start of a sentence, or after a comma or the like."""
    return opens(text, start) or text[max(0, start - 2) : start].rstrip()[-1:] in ",;(–—"


def _alone(text: str, start: int, end: int) -> bool:
    """A sentence of its own, or cut off by a comma."""
    return _aside(text, start, end) and text[end : end + 1] in (",", ".", "!", "")


def _title(text: str, start: int, end: int) -> bool:
    """Before a name: Doctor Smith."""
    return text[start].isupper() and text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()


def _street(text: str, start: int, end: int) -> bool:
    """The end of a name: Baker Street."""
    return text[start].isupper() and _after_name(text, start) and not _title(text, start, end)


def _after_name(text: str, start: int) -> bool:
    """Whether the word before has a capital."""
    return _CAPITAL.search(last_token(text, start)) is not None


def _month(text: str, start: int, end: int) -> bool:
    """With a day or year beside it."""
    return text[start].isupper() and (_measured(text, start, end) or text[end + 1 : end + 2].isdigit())


def _weekday(text: str, start: int, end: int) -> bool:
    """Not within a name, as in Black Friday and the Sunday Times."""
    if not text[start].isupper() or _title(text, start, end):
        return False
    return not _after_name(text, start) or last_word(text, start) in PLACES


def _measured(text: str, start: int, _end: int) -> bool:
    """After a number."""
    return text[max(0, start - 2) : start - 1].isdigit() and text[start - 1] == " "


def _noun(text: str, _start: int, end: int) -> bool:
    """Before no other noun, as in child abuse."""
    return next_word(text, end) in _AFTER_NOUNS


def _person(text: str, start: int, end: int) -> bool:
    """A noun behind a word that tells that one or some are meant."""
    return last_word(text, start) in _POINTING and _noun(text, start, end)


def _state(text: str, start: int, end: int) -> bool:
    """What somebody is or feels: neither a verb nor before a noun."""
    last = last_word(text, start)
    return (last in _BEING or last.endswith(("'m", "'s", "'re"))) and next_word(text, end) in _AFTER_STATES


def _going(text: str, start: int, end: int) -> bool:
    """Before a verb, and after a form of "to be"."""
    if next_word(text, end) not in _VERBS:
        return False
    while (word := last_word(text, start)) in _AFTER_BE:
        start -= len(word) + 1
    return word in _BE or word.endswith(("'m", "'re", "'s", "n't"))


def _wanting(text: str, start: int, end: int) -> bool:
    return next_word(text, end) in _VERBS and last_word(text, start) != "to"


def _having(text: str, start: int, end: int) -> bool:
    last = last_word(text, start)
    return next_word(text, end) in _VERBS and (last in ("have", "has") or last.endswith(("'ve", "'s")))


def _asking(text: str, start: int, end: int) -> bool:
    return next_word(text, end) in _VERBS and _aside(text, start, end)


def _tag(text: str, start: int, end: int) -> bool:
    """A question at the end: ", isn't it?"."""
    return text[end : end + 1] == "?" and text[max(0, start - 2) : start] == ", "


def _unknown(text: str, start: int, _end: int) -> bool:
    return last_word(text, start) in _KNOWING


_RULES: Mapping[str, _Rule] = {
    rule.__name__[1:]: rule
    for rule in [
        *(_anywhere, _within, _polite, _aside, _alone, _title, _street, _month, _weekday, _measured, _noun, _person),
        *(_state, _going, _wanting, _having, _asking, _tag, _unknown),
    ]
}
_OF_NAMES = frozenset([_title, _street, _month, _weekday])
_CAPITAL = re.compile(r"\b[A-Z][\w'’]*\Z")
_BE = frozenset(["am", "are", "is", "was", "were"])
_AFTER_BE = SUBJECTS | {"not", "just", "really", "also", "still", "all", "always", "never", "probably", "actually"}
_AFTER_NOUNS = PLACES | STOPS | ADVERBS | {""}
_AFTER_STATES = _AFTER_NOUNS - {"of"}
_POINTING = words_of("pointing")
_BEING = words_of("being")
_VERBS = words_of("verbs")
_KNOWING = SUBJECTS | {"really", "just", "still"}


class AddAbbreviation(_Shortening):
    """Abbreviations for words and phrases: ASAP, pls, Dr., approx., 5 km, Jan. 12."""

    kind: ClassVar[str] = "add_abbreviation"
    list_name: ClassVar[str] = "abbreviations"


class AddSlangs(_Shortening):
    """Colloquial words, most of them British: gonna, mate, telly, knackered. Number and tense stay as they are."""

    kind: ClassVar[str] = "add_slangs"
    list_name: ClassVar[str] = "slangs"
