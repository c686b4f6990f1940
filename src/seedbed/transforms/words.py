"""What transforms that change words share: word lists looked up quickly, capitals carried over, a and an."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from seedbed.core.spans import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seedbed.core.editing import Text, Word
    from seedbed.core.transform import Transform


class Found(NamedTuple):
    """A phrase of a word list in a text; `phrase` is its entry, in small letters."""

    start: int
    end: int
    phrase: str


class Lexicon:
    """Phrases of one word or more that are looked for as whole words, the longest first.

    Args:
        phrases: in small letters, with straight apostrophes and one space between words.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._alone: set[str] = set()
        self._longer: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
        for phrase in phrases:
            first, *rest = phrase.split(" ")
            if rest:
                self._longer.setdefault(first, {}).setdefault(rest[0], []).append((tuple(rest), phrase))
            else:
                self._alone.add(first)
        for seconds in self._longer.values():
            for found in seconds.values():
                found.sort(key=lambda one: -len(one[0]))
        self._first = self._alone | self._longer.keys()

    def found(self, text: Text) -> list[Found]:
        """Where its phrases stand, in order, not overlapping; none in addresses, hashtags and the like."""
        first = self._first
        if first.isdisjoint(text.lowers):
            return []
        found: list[Found] = []
        words, free = text.words, 0
        for i in [i for i, word in enumerate(words) if word[2] in first]:
            last, phrase = self._at(text.text, words, i) if i >= free else (i, "")
            if phrase and not text.address(words[i][0], words[last][1]):
                found.append(Found(words[i][0], words[last][1], phrase))
                free = last + 1
        return found

    def _at(self, text: str, words: Sequence[Word], i: int) -> tuple[int, str]:
        """The last word of the longest phrase that begins with this one, and the phrase; "" if there is none."""
        first = words[i][2]
        seconds = self._longer.get(first)
        if seconds and i + 1 < len(words):
            for rest, phrase in seconds.get(words[i + 1][2], ()):
                last = i + len(rest)
                if last < len(words) and all(_follows(text, words, i + k, word) for k, word in enumerate(rest, 1)):
                    return last, phrase
        return i, first if first in self._alone else ""


def _follows(text: str, words: Sequence[Word], at: int, word: str) -> bool:
    return words[at].lower == word and text[words[at - 1].end : words[at].start] == " "


def cased(new: str, old: str) -> str:
    """New words with the capitals of the old ones: all, the first letter, of each word, or as they are.

    A word of one capital ("I", "A") says nothing about the rest.
    """
    if old.islower():
        return new
    letters = [letter for letter in old if letter.isalpha()]
    if not letters or not letters[0].isupper():
        return new
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return new.upper()
    heads = [word[:1] for word in old.split()]
    if len(heads) > 1 and all(head.isupper() for head in heads):
        return " ".join(word[:1].upper() + word[1:] for word in new.split(" "))
    return new[:1].upper() + new[1:]


_ARTICLE = re.compile(r"(?<![\w'’-])(an?) $", re.IGNORECASE)
_SILENT_H = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
_AS_CONSONANT = re.compile(
    r"(?:eu|ewe|uni(?!n|m|dent)|u(?!ber)[bklrst][aeiou]|util|usu|ukr|ugand|one(?![a-z])|once|ouija)", re.IGNORECASE
)
_VOWEL_LETTERS = frozenset("AEFHILMNORSX")


def takes_an(word: str) -> bool:
    """Whether "an" stands before a word, as it is spoken: an hour, a union, an MP, an 18th."""
    head = re.match(r"\w+", word)
    if not head:
        return False
    name = head[0]
    if name[0].isdigit():
        return name[0] == "8" or re.match(r"1[18](?!\d(?!\d\d\b))", name) is not None
    if len(name) == 1:  # an X-ray, a U-turn
        return name.upper() in _VOWEL_LETTERS
    if name.isupper() and (len(name) <= 3 or not re.search(r"[AEIOUY]", name)):
        return name[0] in _VOWEL_LETTERS
    if _SILENT_H.match(name):
        return True
    return normalize("NFD", name[0])[0].lower() in "aeiou" and not _AS_CONSONANT.match(name)


def with_articles(transform: Transform, text: Text, edits: Sequence[Edit]) -> list[Edit]:
    """The edits, and one for each "a" or "an" before them that no longer fits what follows it.

    An article that was wrong before stays; so does one that may not be changed.
    """
    whole = list(edits)
    taken = {edit.end for edit in edits}
    for start, end, new in edits:
        match = _ARTICLE.search(text.text, max(0, start - 4), start)
        if not match or not new or match.end(1) in taken or takes_an(text.text[start:end]) == takes_an(new):
            continue
        at, after = match.span(1)
        if (after - at == 2) != takes_an(new) and transform.free(text, at, after):
            whole.append(Edit(at, after, _article(match[1], takes_an(new))))
    return sorted(whole)


def _article(old: str, vowel: bool) -> str:
    if not vowel:
        return old[0]
    return "AN" if old.isupper() and len(old) > 1 else old[0] + "n"


def replaced(transform: Transform, text: Text, found: Iterable[Found], new: Mapping[str, str]) -> list[Edit]:
    """An edit for each phrase that may be changed, with its capitals carried over and articles made to fit."""
    edits = [
        Edit(start, end, cased(new[phrase], text.text[start:end]))
        for start, end, phrase in found
        if transform.free(text, start, end)
    ]
    return with_articles(transform, text, edits) if edits else edits
