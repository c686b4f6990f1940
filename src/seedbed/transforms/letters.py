"""Letters for others that look the same, and letters without their accents."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, ClassVar
from unicodedata import normalize

from seedbed.core.spans import Edit, Recast
from seedbed.core.transform import Edits, Portion, Transform

from .spots import drawn, stretches

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.dice import Dice
    from seedbed.core.editing import Text
    from seedbed.core.transform import Editor, Mentions

_ALIKE = (
    "aа cсϲ dԁ eе gɡ hһհ iі jјϳ lӏ nո oоοօ pр qԛ sѕ uս vνѵ wԝ xх yу "
    "AАΑ BВΒ CСϹ EЕΕ GԌ HНΗ IІΙ JЈ KКΚ MМΜ NΝ OОΟՕ PРΡ QԚ SЅՏ TТΤ VѴ WԜ XХΧ YҮΥ ZΖ ГΓ ПΠ ФΦ"
)
"""Letters of Latin, Greek, Cyrillic and Armenian that look the same in most fonts, written down by us."""

_ACCENTED = re.compile(r"[\u00c0-\u024f\u0370-\u052f\u1e00-\u1fff][\u0300-\u036f]*|[A-Za-z][\u0300-\u036f]+")
_STROKES = str.maketrans("øØłŁđĐħĦŧŦ", "oOlLdDhHtT")
_CYRILLIC = str.maketrans("ёЁѐЀѝЍ", "еЕеЕиИ", "\u0300\u0301")
"""What Cyrillic is written without: stress, and the dots of ё. The breve of й makes it another letter."""


class UnicodeConfusables(Transform):
    """Letters exchanged for those of other scripts that look the same (Cyrillic а for a); `prob` is their share."""

    kind: ClassVar[str] = "unicode_confusables"
    source: ClassVar[str] = "Seedbed's own table of letters that look alike"
    prob: Portion = 0.1

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions
        alike = _alike()

        def edit(text: Text, dice: Dice) -> Edits:
            letters = list(text.text)
            parts = stretches(self, text)
            places = [at for start, end in parts for at in range(start, end) if letters[at] in alike]
            if text.address(0, len(letters)):
                places = [at for at in places if not text.address(at, at + 1)]
            if not places:
                return ()
            for at in drawn(dice, places, self.prob):
                letters[at] = dice.choice(alike[letters[at]])
            return Recast("".join(letters))

        return edit


class AccentsRemoved(Transform):
    """Latin and Greek letters without their accents, Cyrillic ones without stress (café → cafe, Łódź → Lodz).

    ß, æ and й are letters of their own and stay; vowels that are written as marks, as in Arabic or Hindi, are no
    accents. `prob` is the share of the letters with accents.
    """

    kind: ClassVar[str] = "accents_removed"
    prob: Portion = 1.0

    def editor(self, mentions: Mentions) -> Editor:
        """See `Transform.editor`."""
        del mentions

        def edit(text: Text, dice: Dice) -> Edits:
            if text.text.isascii():
                return ()
            edits = [
                Edit(*match.span(), _plain(match[0]))
                for match in _ACCENTED.finditer(text.text)
                if _plain(match[0]) != match[0] and self.free(text, *match.span())
            ]
            return drawn(dice, edits, self.prob) if edits else ()

        return edit


@cache
def _alike() -> Mapping[str, str]:
    """Letter → those that look like it."""
    return {letter: group.replace(letter, "") for group in _ALIKE.split() for letter in group}


@cache
def _plain(letter: str) -> str:
    """A letter without accents; itself if it has none."""
    whole = normalize("NFC", letter)
    if not letter[0].isalpha():
        return letter
    if "\u0400" <= whole[0] <= "\u052f":
        bare = whole.translate(_CYRILLIC)
        return letter if bare == whole else bare
    return "".join(one for one in normalize("NFD", whole) if not "\u0300" <= one <= "\u036f").translate(_STROKES)
