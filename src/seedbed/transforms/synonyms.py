"""Words for others that mean nearly the same, or the opposite."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from seedbed.core.editing import Policy
from seedbed.core.part import Name
from seedbed.core.transform import Portion

from .grammar import ADVERBS, DETERMINERS, PLACES, STOPS, last_word, next_word, words_of
from .inflection import noun_forms, only_form, same_forms, verb_forms
from .swaps import PhraseSwap, maybe_name
from .word_lists import word_lists

if TYPE_CHECKING:
    from .words import Found

_Table = Mapping[str, tuple[Sequence[str], str]]
"""Phrase → what may stand for it, and the part of speech it is in the table."""

_FORMS: Mapping[str, Callable[[str], Sequence[str]]] = {"verb": verb_forms, "noun": noun_forms}
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?: [^\W_]+(?:['’][^\W_]+)*)*")
_MODALS = words_of("modals")
_MODAL_ENDS = {word[-2:] for word in _MODALS}
_VERBAL = _MODALS | {"not", "i", "you", "he", "she", "it", "we", "they", "let"}
_NOT_BEFORE: Mapping[str, Container[str]] = {
    "verb": words_of("particles"),
    "adjective": DETERMINERS | {"up", "out"},
    "preposition": {"", "and", "or", "but", "all", "long"},
}
_AFTER_NOUNS = PLACES | STOPS | ADVERBS | {""}


class _Thesaurus(PhraseSwap):
    """Words for others. Names stay, and so does what is doubtful where it stands.

    `words` are the user's own (word → what may stand for it), which go before those of Seedbed's table and are changed
    wherever they stand; `lexicon: none` leaves only them. `part_of_speech` chooses among those of the table.
    """

    default: ClassVar[Policy] = "protect"
    list_name: ClassVar[str] = ""
    words: dict[Name, Annotated[tuple[Name, ...], Field(min_length=1)]] = {}
    lexicon: Literal["own", "none"] = "own"
    part_of_speech: Literal["adjective", "verb", "noun", "adverb", "any"] = "any"

    @model_validator(mode="after")
    def _words_can_be_found(self) -> Self:
        if self.lexicon == "none" and not self.words:
            raise ValueError("words: with `lexicon: none` there must be some")
        for word in self.words:
            if not _WORDS.fullmatch(word):
                raise ValueError(f"words: `{word}` must be words of letters or digits with single spaces between them")
        return self

    @cached_property
    def own(self) -> Mapping[str, Sequence[str]]:
        """The user's words in small letters."""
        pairs = {old: [new for new in news if new.casefold() != old.casefold()] for old, news in self.words.items()}
        return {old.lower().replace("’", "'"): news for old, news in pairs.items() if news}

    def table(self) -> Mapping[str, Sequence[str]]:
        """See `PhraseSwap.table`."""
        if self.lexicon == "none":
            return self.own
        table = {phrase: news for phrase, (news, _) in _entries(self.list_name, self.part_of_speech).items()}
        return {**table, **self.own}

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The parts of speech of the phrases that are not the user's; "" if they stay as they are."""
        entries = {} if self.lexicon == "none" else _entries(self.list_name, self.part_of_speech)
        return {phrase: kind for phrase, (_, kind) in entries.items() if phrase not in self.own}

    def fitting(self, text: str, found: Sequence[Found]) -> Sequence[Found]:
        """See `PhraseSwap.fitting`."""
        kinds, alone = self.kinds, PhraseSwap.fitting(self, text, found)
        return [one for one in alone if _fits(kinds.get(one[2]), text, one[0], one[1])]


class SynonymSwap(_Thesaurus):
    """Words for others that mean nearly the same, in the same form: rapid to quick, bought to purchased."""

    kind: ClassVar[str] = "synonym_swap"
    source: ClassVar[str] = "Seedbed's own table of synonyms"
    list_name: ClassVar[str] = "synonyms"
    prob: Portion = 0.5


class AntonymSwap(_Thesaurus):
    """Words for their opposites, in the same form: good to bad, increased to decreased."""

    kind: ClassVar[str] = "antonym_swap"
    source: ClassVar[str] = "Seedbed's own table of opposites"
    flips: ClassVar[bool] = True
    list_name: ClassVar[str] = "antonyms"


@cache
def _entries(name: str, part_of_speech: str) -> _Table:
    """The entries of a table for one part of speech, or all; phrases that stay have nothing that may stand for them."""
    still = {
        title: frozenset(word.replace("_", " ") for word in lines.split())
        for title, lines in word_lists("unchanged").items()
    }
    found: dict[str, tuple[Sequence[str], str]] = dict.fromkeys(still["idioms"], ((), ""))
    for title, groups in word_lists(name).items():
        kind = title.split()[-1]
        if part_of_speech in (kind, "any"):
            forms = _FORMS.get(title, only_form)
            for old, news in same_forms(groups, forms, still["ambiguous"]).items():
                found.setdefault(old, (news, kind))
    return found


def _fits(kind: str | None, text: str, start: int, end: int) -> bool:
    """Whether a phrase may be changed where it stands; always if it is one of the user's own."""
    if kind is None:
        return True
    return (text[start:end].islower() or not maybe_name(text, start, end)) and _used_as(kind, text, start, end)


def _used_as(kind: str, text: str, start: int, end: int) -> bool:
    """Whether a phrase can be this part of speech where it stands, and what stands for it go with its neighbours."""
    if kind == "adverb":
        return last_word(text, start) != "not"
    if kind == "noun":
        return next_word(text, end) in _AFTER_NOUNS and last_word(text, start) not in _VERBAL
    if not kind or (kind in _NOT_BEFORE and next_word(text, end) in _NOT_BEFORE[kind]):
        return False
    if kind != "adjective" or text[start - 3 : start - 1].lower() not in _MODAL_ENDS:  # as with most words
        return True
    return last_word(text, start) not in _MODALS
