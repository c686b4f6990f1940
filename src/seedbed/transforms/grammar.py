"""A little English grammar: the words beside a word, and kinds of words that tell how it is used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .word_lists import word_lists

if TYPE_CHECKING:
    from seedbed.core.editing import Text


_KINDS = {title: frozenset(lines.split()) for title, lines in word_lists("grammar").items()}


def words_of(kind: str) -> frozenset[str]:
    """The words of one kind, a section of the list `grammar`."""
    return _KINDS[kind]


SUBJECTS, QUESTIONS, LINKS = map(words_of, ("subjects", "questions", "links"))
DETERMINERS, ADVERBS = map(words_of, ("determiners", "adverbs"))
PLACES, STOPS = map(words_of, ("places", "stops"))
_UNCHANGING, _NO_PARTICIPLES = map(words_of, ("unchanging", "no participles"))
_PARTICIPLES = words_of("participles") | _UNCHANGING


def participle(word: str) -> bool:
    """Whether this is the past participle of a verb, and nothing else of it."""
    regular = word.endswith("ed") and len(word) > 4 and word not in _NO_PARTICIPLES
    return regular or (word in _PARTICIPLES and word not in _UNCHANGING)


def maybe_participle(word: str) -> bool:
    """Whether this could be one."""
    return word in _PARTICIPLES or word.endswith(("ed", "en", "wn"))


def following(text: Text, at: int, gap: str = " ") -> str:
    """The word after that number `at`, if only `gap` stands between them, else ""."""
    starts = text.starts
    if at + 1 >= len(starts) or text.text[text.ends[at] : starts[at + 1]] != gap:
        return ""
    return text.lowers[at + 1]


def before(text: Text, at: int) -> str:
    """The word before that number `at`, if only a space stands between them, else ""."""
    return text.lowers[at - 1] if at and following(text, at - 1) else ""


_LAST = re.compile(r"[\w'’]+\Z")
_AFTER = re.compile(r" ([\w'’]+)")
_LONGEST = 30
"""No word or token with more letters is looked at whole."""


def last_token(text: str, at: int) -> str:
    """What stands before a place in a text, back to a space, if only a space stands between them, else ""."""
    if text[at - 1 : at] != " ":
        return ""
    return text[max(0, at - _LONGEST) : at - 1].rpartition(" ")[2]


def last_word(text: str, at: int) -> str:
    """The word in small letters before a place in a text, if only a space stands between them, else ""."""
    return ending_word(last_token(text, at))


def ending_word(token: str) -> str:
    """The word in small letters with which a token ends, "" if it ends with none."""
    if token.isalpha():
        return token.lower()
    found = _LAST.search(token)
    return found[0].replace("’", "'").lower() if found else ""


def next_word(text: str, at: int) -> str:
    """The word in small letters after a place in a text, if only a space stands between them, else ""."""
    if text[at : at + 1] != " ":
        return ""
    token = text[at + 1 : at + _LONGEST].partition(" ")[0]
    if token.isalpha() and len(token) < _LONGEST - 1:
        return token.lower()
    found = _AFTER.match(text, at)
    return found[1].lower().replace("’", "'") if found else ""


def past_adverbs(text: Text, at: int) -> tuple[int, str]:
    """The first word after that number `at` that is no adverb, with its number; "" if none follows."""
    word = following(text, at)
    while word in ADVERBS or word.endswith("ly"):
        at += 1
        word = following(text, at)
    return at + 1, word


_END = re.compile(r"[.!?…]+(?=[\s\"'”’)\]]|$)|\n")


def asked(text: str, at: int) -> bool:
    """Whether the sentence here is a question."""
    end = _END.search(text, at)
    return end is not None and "?" in end[0]
