"""What a machine that writes down speech mishears: words for others that sound the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from seedbed.core.transform import Portion

from .swaps import WordSwap, options
from .word_lists import word_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class AddSpeechToTextTypo(WordSwap):
    """Words for others that sound the same in American and British English (their, there)."""

    kind: ClassVar[str] = "add_speech_to_text_typo"
    source: ClassVar[str] = "Seedbed's own table of homophones"
    prob: Portion = 0.3

    def table(self) -> Mapping[str, Sequence[str]]:
        """See `WordSwap.table`."""
        return options(word_lists("homophones")[""])
