"""American and British spelling. Names keep theirs: entities, and words with a capital within a sentence."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar

from seedbed.core.editing import Policy
from seedbed.core.errors import MissingExtra

from .swaps import PhraseSwap, opens
from .word_lists import word_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .words import Found


class _Spelling(PhraseSwap):
    """Words in the spelling of the other country, where it is sure which one that is."""

    default: ClassVar[Policy] = "protect"
    source: ClassVar[str] = "breame (Apache-2.0) without its doubtful entries, with a few of Seedbed's own"

    def fitting(self, text: str, found: Sequence[Found]) -> Sequence[Found]:
        """See `PhraseSwap.fitting`; parts of words with hyphens, too ("grey-haired")."""
        return [one for one in found if text[one[0] : one[1]].islower() or _no_name(text, *one)]


class AmericanToBritish(_Spelling):
    """American spelling to British: color to colour, center to centre."""

    kind: ClassVar[str] = "american_to_british"

    def table(self) -> Mapping[str, Sequence[str]]:
        """See `PhraseSwap.table`."""
        return _tables()[0]


class BritishToAmerican(_Spelling):
    """British spelling to American: colour to color, programme to program."""

    kind: ClassVar[str] = "british_to_american"

    def table(self) -> Mapping[str, Sequence[str]]:
        """See `PhraseSwap.table`."""
        return _tables()[1]


def _no_name(text: str, start: int, end: int, phrase: str) -> bool:
    """Whether a capital says nothing about a word."""
    return (text[start:end].isupper() and end > start + 1) or (
        phrase.removesuffix("'s") not in _NAMES and opens(text, start)
    )


_NAMES = {"arbor", "gray", "grey", "harbor", "labor", "labour"}
"""Words that with a capital are as likely to be names, where a sentence begins too."""

_ENDINGS = ("ation", "ations", "ational", "er", "ers", "able")


@cache
def _tables() -> tuple[dict[str, tuple[str]], dict[str, tuple[str]]]:
    """American word → British one, and the other way.

    Raises:
        MissingExtra: the package with the words is not installed.
    """
    try:
        from breame.data.spelling_constants import AMERICAN_ENGLISH_SPELLINGS, BRITISH_ENGLISH_SPELLINGS
    except ImportError:
        raise MissingExtra("Changing between American and British spelling", "augment") from None
    lists = word_lists("spelling")
    own, only = (dict([pair.split() for pair in lists[name].split(",")]) for name in ("pairs", "from british"))
    back = {new: old for old, new in own.items()}
    return (
        _with_forms(_without(AMERICAN_ENGLISH_SPELLINGS, lists["american"]) | own, "iz", "is"),
        _with_forms(_without(BRITISH_ENGLISH_SPELLINGS, lists["british"]) | back | only, "is", "iz"),
    )


def _without(words: Mapping[str, str], stay: str) -> dict[str, str]:
    left_out = frozenset(stay.split())
    return {old: new for old, new in words.items() if old not in left_out}


def _with_forms(words: dict[str, str], old: str, new: str) -> dict[str, tuple[str]]:
    """The words, those made of the verbs in -ize that breame has not, and the possessives of all."""
    stems = [word[: -len(old) - 1] for word, other in words.items() if word.endswith(old + "e") and other != word]
    made = {f"{stem}{old}{ending}": f"{stem}{new}{ending}" for stem in stems for ending in _ENDINGS}
    every = made | words
    return {old + end: (new + end,) for old, new in every.items() for end in ("", "'s")}
