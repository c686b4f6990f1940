"""Words that dyslexic writers take for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from seedbed.core.transform import Portion

from .swaps import WordSwap, options
from .word_lists import word_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class DyslexiaWordSwap(WordSwap):
    """Words for others that look or sound nearly the same (form for from, quiet for quite)."""

    kind: ClassVar[str] = "dyslexia_word_swap"
    source: ClassVar[str] = "Seedbed's own table of words that are taken for one another"
    prob: Portion = 0.3

    def table(self) -> Mapping[str, Sequence[str]]:
        """See `WordSwap.table`."""
        return options(word_lists("confused")[""])
