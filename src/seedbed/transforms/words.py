"""What transforms that change words share: word lists looked up quickly, capitals carried over, a and an."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from typing import TYPE_CHECKING
from unicodedata import normalize

from seedbed.core.spans import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seedbed.core.editing import Text
    from seedbed.core.transform import Transform


Found = tuple[int, int, str]
"""Where a phrase of a word list stands in a text, from and to, and its entry, in small letters."""

_COMMON = frozenset(["the", "and", "for", "out", "that", "this", "with", "from"])


class Lexicon:
    """Phrases of one word or more that are looked for as whole words, the longest first.

    A phrase is looked for around the word that is likely to be the rarest: a long one, of two the last ("in the end").

    Args:
        phrases: in small letters, with straight apostrophes and one space between words.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        alone: set[str] = set()
        self._longer: dict[str, list[tuple[int, int, str]]] = {}
        for phrase in phrases:
            words = phrase.split(" ")
            if len(words) == 1:
                alone.add(phrase)
            else:
                rarest = max(reversed(words), key=lambda word: (word not in _COMMON, len(word)))
                self._longer.setdefault(rarest, []).append((words.index(rarest), len(words), phrase))
        self._alone, self._anchors = frozenset(alone), frozenset(self._longer)
        self._any = self._alone | self._anchors

    def found(self, text: Text) -> list[Found]:
        """Where its phrases stand, in order, not overlapping; none in addresses, hashtags and the like."""
        alone, lowers = self._alone, text.lowers
        if self._any.isdisjoint(lowers):
            return []
        places = compress(range(len(lowers)), map(alone.__contains__, lowers))
        found: list[Found] = [(*text.place(at), lowers[at]) for at in places]
        if not self._anchors.isdisjoint(lowers):
            found = _longest(found, self._phrases(text))
        if found and text.addresses:
            return [one for one in found if not text.address(one[0], one[1])]
        return found

    def _phrases(self, text: Text) -> list[Found]:
        """Where those of several words stand."""
        found: list[Found] = []
        small = text.text.lower().replace("’", "'")
        for anchor in self._anchors.intersection(text.lowers):
            for place, count, phrase in self._longer[anchor]:
                for at in _places(text.lowers, anchor) if phrase in small else ():
                    start = text.starts[max(0, at - place)]
                    end = text.ends[min(at - place + count, len(text.ends)) - 1]
                    if text.text[start:end].lower().replace("’", "'") == phrase:
                        found.append((start, end, phrase))
        return found


def _places(words: Sequence[str], anchor: str) -> list[int]:
    return [at for at, word in enumerate(words) if word == anchor]


def _longest(alone: list[Found], phrases: list[Found]) -> list[Found]:
    """All of them in order, without those that begin within another or, shorter, where another does."""
    if not phrases:
        return alone
    kept: list[Found] = []
    end = 0
    for one in sorted(alone + phrases, key=lambda found: (found[0], -found[1])):
        if one[0] >= end:
            kept.append(one)
            end = one[1]
    return kept


@lru_cache(1 << 14)
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
_ARTICLE_ENDS = frozenset(["a ", "A ", "n ", "N "])
_SILENT_H = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
_AS_CONSONANT = re.compile(
    r"(?:eu|ewe|uni(?!n|m|dent)|u(?!ber)[bklrst][aeiou]|util|usu|ukr|ugand|one(?![a-z])|once|ouija)", re.IGNORECASE
)
_VOWEL_LETTERS = frozenset("AEFHILMNORSX")


@lru_cache(1 << 14)
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
    whole, articles = text.text, []
    if len(edits) == 1 and whole[edits[0][0] - 2 : edits[0][0]] not in _ARTICLE_ENDS:  # as it mostly is
        return [*edits]
    for start, end, new in edits:
        match = _ARTICLE.search(whole, max(0, start - 4), start) if whole[start - 2 : start] in _ARTICLE_ENDS else None
        if match and new and takes_an(whole[start:end]) != takes_an(new) != (len(match[1]) == 2):
            at, after = match.span(1)
            if transform.free(text, at, after) and all(edit.end != after for edit in edits):
                articles.append(Edit(at, after, _article(match[1], takes_an(new))))
    return sorted([*edits, *articles]) if len(edits) > 1 or articles else list(edits)


def _article(old: str, vowel: bool) -> str:
    if not vowel:
        return old[0]
    return "AN" if old.isupper() and len(old) > 1 else old[0] + "n"
