"""Words for others that are taken for them by ear, and by dyslexic writers by eye."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from seedbed.core.transform import Portion

from .swaps import PhraseSwap
from .word_lists import word_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class _Confusion(PhraseSwap):
    """Words for others of their group in a list."""

    list_name: ClassVar[str]
    prob: Portion = 0.3

    def table(self) -> Mapping[str, Sequence[str]]:
        """See `PhraseSwap.table`. Groups stand between commas; a word behind a "-" is not changed itself."""
        table: dict[str, list[str]] = {}
        for group in word_lists(self.list_name)[""].split(","):
            words = group.split()
            for word in words:
                if word[0] != "-":
                    table.setdefault(word.lower(), []).extend(one.lstrip("-") for one in words if one != word)
        return table


class AddSpeechToTextTypo(_Confusion):
    """Words for others that sound the same in American and British English (their, there), as if misheard."""

    kind: ClassVar[str] = "add_speech_to_text_typo"
    source: ClassVar[str] = "Seedbed's own table of homophones"
    list_name: ClassVar[str] = "homophones"


class DyslexiaWordSwap(_Confusion):
    """Words for others that look or sound nearly the same (form for from, quiet for quite)."""

    kind: ClassVar[str] = "dyslexia_word_swap"
    source: ClassVar[str] = "Seedbed's own table of words that are taken for one another"
    list_name: ClassVar[str] = "confused"
