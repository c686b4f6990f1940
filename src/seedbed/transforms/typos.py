"""Slips of the finger on a keyboard."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from seedbed.core.spans import Edit
from seedbed.core.transform import Edits, Transform

from .keyboards import Layout, neighbours
from .spots import Place, clusters, found

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Looker, Mentions

Operation = Literal["substitute", "insert", "delete", "transpose"]

_ASCII_LETTERS, _LETTERS = re.compile(r"[A-Za-z]{4,}+"), re.compile(r"[^\W\d_]{4,}+")
_SIMPLE = re.compile(r" ([a-z]{4,}+) ")
"""A word that is a token, so no part of another one, nor of an address."""

_NO_BEGINNING = frozenset("_'’")
_INTRICATE = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u0590-\u1dff\u200c\u200d\u20d0-\u20ff\u2e80-\uabff\ufe20-\ufe2f\U00010000-\U0001efff]"
)
"""Scripts that join letters to others or need none between words, and combining marks."""

_UNTYPED = re.compile(r"[\d\u3040-\u30ff\u3400-\u9fff]")
"""Digits, and letters that no single key stands for."""

_place = re.Match.span
_APOSTROPHE = re.compile("['’]")
_SHORTEST = 4


class AddTypo(Transform):
    """One slip in each of `count` words of four letters or more: a key beside the right one, one too many, one left
    out, or two in the wrong order. The first letter of a word is right, as it mostly is.

    Letters that are not on the keyboard of the `layout` are left out or exchanged only.
    """

    kind: ClassVar[str] = "add_typo"
    source: ClassVar[str] = "Seedbed's own tables of keyboards"
    layout: Layout = "qwerty"
    operations: Annotated[tuple[Operation, ...], Field(min_length=1)] = ("substitute", "insert", "delete", "transpose")
    count: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        beside = neighbours(self.layout)

        def edit(text: Text, dice: Dice) -> Edits:
            fits = partial(self._fits, text, beside=beside)
            return [self._slip(text, place, beside, dice) for place in found(dice, [*_words(text)], self.count, fits)]

        return edit

    def looker(self, mentions: Mentions) -> Looker:
        """See `Transform.looker`."""
        del mentions
        beside, fits = neighbours(self.layout), self._fits
        simple = "delete" in self.operations

        def look(text: Text) -> bool:
            word = _SIMPLE.search(text.text) if simple else None
            if word and self.free(text, *word.span(1)):
                return True
            for place in _words(text):  # noqa: SIM110 - `any` takes longer than what it asks
                if fits(text, place, beside):
                    return True
            return False

        return look

    def _fits(self, text: Text, place: Place, beside: Mapping[str, str]) -> bool:
        """Whether there can be a slip in a word."""
        start, end = place
        if _is_part(text.text, start, end):
            return False
        if (text.spans and not self.free(text, start, end)) or (text.addresses and text.address(start, end)):
            return False
        letters = _letters(text.text[start:end])
        if len(letters) < _SHORTEST:
            return False
        return "delete" in self.operations or any(_places(one, letters, beside) for one in self.operations)

    def _slip(self, text: Text, place: Place, beside: Mapping[str, str], dice: Dice) -> Edit:
        letters, operations = _letters(text.text[place[0] : place[1]]), self.operations
        first = dice.below(len(operations))
        for operation in (operations[first], *operations[first + 1 :], *operations[:first]):
            at = _drawn(operation, letters, beside, dice)
            if at:
                break
        letter = letters[at]
        start = place[0] + len("".join(letters[:at]))
        if operation == "delete":
            return Edit(start, start + len(letter), "")
        if operation == "transpose":
            other = letters[at + 1]
            return Edit(start, start + len(letter + other), _like(other, letter) + _like(letter, other))
        keys = beside[letter.lower()]
        if operation == "insert":
            return Edit(start, start + 1, letter + _like(dice.choice(keys + letter), letter))
        return Edit(start, start + 1, _like(dice.choice(keys), letter))


def _drawn(operation: Operation, letters: Sequence[str], beside: Mapping[str, str], dice: Dice) -> int:
    """At which letter of a word it is done; 0 if it cannot be. Nearly always it can be at the first one drawn."""
    last = len(letters) - (operation == "transpose")
    at = 1 + dice.below(last - 1)
    if not _possible(operation, letters, at, beside):
        places = _places(operation, letters, beside)
        at = dice.choice(places) if places else 0
    return at


def _places(operation: Operation, letters: Sequence[str], beside: Mapping[str, str]) -> list[int]:
    """At which letters of a word it can be done; never at the first."""
    last = len(letters) - (operation == "transpose")
    return [at for at in range(1, last) if _possible(operation, letters, at, beside)]


def _possible(operation: Operation, letters: Sequence[str], at: int, beside: Mapping[str, str]) -> bool:
    if operation == "delete":
        return True
    if operation == "transpose":
        return letters[at].lower() != letters[at + 1].lower()
    return letters[at].lower() in beside


def _words(text: Text) -> Iterator[Place]:
    """Words without digits, or what stands before an apostrophe in them, with at least four code points; and parts of
    other words.
    """
    whole = text.text
    if whole.isascii() or not _INTRICATE.search(whole):
        return map(_place, (_ASCII_LETTERS if whole.isascii() else _LETTERS).finditer(whole))
    return _heads(text)


def _is_part(whole: str, start: int, end: int) -> bool:
    """Whether letters stand beside a digit, or behind an apostrophe."""
    before, after = whole[start - 1 : start], whole[end : end + 1]
    return before.isalnum() or after.isalnum() or before in _NO_BEGINNING or after == "_"


def _heads(text: Text) -> Iterator[Place]:
    for start, end, lower in text.words:
        head = _APOSTROPHE.split(lower, maxsplit=1)[0]
        if len(head) >= _SHORTEST and not _UNTYPED.search(head):
            yield start, end if len(head) == len(lower) else start + len(head)


def _letters(word: str) -> Sequence[str]:
    return word if word.isascii() or max(word) < "\u0300" else clusters(word)


def _like(new: str, old: str) -> str:
    """A letter as a capital or small one, as the old one is, if it is one letter then too."""
    changed = new.upper() if old.isupper() else new.lower()
    return changed if len(changed) == len(new) else new
