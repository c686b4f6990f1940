"""Words for others that mean nearly the same, or the opposite."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from seedbed.core.editing import Policy
from seedbed.core.part import Name
from seedbed.core.transform import Portion

from .grammar import ADVERBS, DETERMINERS, PLACES, STOPS, last_word, next_word, words_of
from .inflection import noun_forms, only_form, same_forms, verb_forms
from .swaps import WordSwap, begins_name, hyphenated, named
from .word_lists import word_lists

if TYPE_CHECKING:
    from seedbed.core.editing import Text

    from .words import Found

_Table = Mapping[str, tuple[Sequence[str], str]]
"""Phrase → what may stand for it, and the part of speech it is in the table."""

_FORMS: Mapping[str, Callable[[str], Sequence[str]]] = {"verb": verb_forms, "noun": noun_forms}
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*(?: [^\W_]+(?:['’][^\W_]+)*)*")
_PARTICLES = words_of("particles")
_MODALS = words_of("modals")
_VERBAL = _MODALS | {"not", "i", "you", "he", "she", "it", "we", "they", "let"}
_AFTER_NOUNS = PLACES | STOPS | ADVERBS | {""}


class _Thesaurus(WordSwap):
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
        """See `WordSwap.table`."""
        if self.lexicon == "none":
            return self.own
        table = {phrase: news for phrase, (news, _) in _entries(self.list_name, self.part_of_speech).items()}
        return {**table, **self.own}

    def fits(self, text: Text, found: Found) -> bool:
        """See `WordSwap.fits`."""
        start, end, phrase = found
        if hyphenated(text.text, start, end):
            return False
        if phrase in self.own:
            return True
        news, kind = _entries(self.list_name, self.part_of_speech)[phrase]
        name = named(text.text, start, end) or begins_name(text.text, start, end)
        return bool(news) and not name and _used_as(kind, text.text, start, end)


class SynonymSwap(_Thesaurus):
    """Words for others that mean nearly the same, in the same form: quick to rapid, bought to purchased."""

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


def _used_as(kind: str, text: str, start: int, end: int) -> bool:
    """Whether a phrase can be this part of speech where it stands, and what stands for it go with its neighbours."""
    last, after = last_word(text, start), next_word(text, end)
    if kind == "verb":
        return after not in _PARTICLES
    if kind == "noun":
        return after in _AFTER_NOUNS and last not in _VERBAL
    if kind == "adjective":
        return after not in DETERMINERS and after not in ("up", "out") and last not in _MODALS
    return kind != "adverb" or last != "not"
